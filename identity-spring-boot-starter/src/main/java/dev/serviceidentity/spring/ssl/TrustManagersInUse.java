// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A factory for stacks that take nothing else; it makes nothing, and gives what there is. */
final class TrustManagersInUse extends TrustManagerFactory {
  TrustManagersInUse(X509ExtendedTrustManager manager) {
    super(new Spi(manager), KeyManagersInUse.anyProvider(), getDefaultAlgorithm());
  }

  private static final class Spi extends TrustManagerFactorySpi {
    private final X509ExtendedTrustManager manager;

    Spi(X509ExtendedTrustManager manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(@Nullable KeyStore store) throws KeyStoreException {
      throw new KeyStoreException("The identity has its trust already");
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters)
        throws InvalidAlgorithmParameterException {
      throw new InvalidAlgorithmParameterException("The identity has its trust already");
    }

    @Override
    protected TrustManager[] engineGetTrustManagers() {
      return new TrustManager[] {manager};
    }
  }
}
