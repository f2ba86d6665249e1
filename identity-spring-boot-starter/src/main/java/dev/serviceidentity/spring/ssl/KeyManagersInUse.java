// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A factory for stacks that take nothing else; it makes nothing, and gives what there is. */
final class KeyManagersInUse extends KeyManagerFactory {
  KeyManagersInUse(X509ExtendedKeyManager manager) {
    super(new Spi(manager), anyProvider(), getDefaultAlgorithm());
  }

  /** A factory names one, and this has none of its own. */
  static Provider anyProvider() {
    return Security.getProviders()[0];
  }

  private static final class Spi extends KeyManagerFactorySpi {
    private final X509ExtendedKeyManager manager;

    Spi(X509ExtendedKeyManager manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(@Nullable KeyStore store, char @Nullable [] password)
        throws KeyStoreException {
      throw new KeyStoreException("The identity has its key already");
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters)
        throws InvalidAlgorithmParameterException {
      throw new InvalidAlgorithmParameterException("The identity has its key already");
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {manager};
    }
  }
}
