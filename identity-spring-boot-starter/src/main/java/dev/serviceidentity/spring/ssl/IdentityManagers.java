// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.mechanism.TlsMaterial;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.boot.ssl.SslManagerBundle;

/** The identity's managers, and its own context rather than another one made of them. */
final class IdentityManagers implements SslManagerBundle {
  private final Supplier<TlsMaterial> tls;

  IdentityManagers(Supplier<TlsMaterial> tls) {
    this.tls = tls;
  }

  @Override
  public KeyManagerFactory getKeyManagerFactory() {
    return new KeyManagersInUse(tls.get().keyManager());
  }

  @Override
  public TrustManagerFactory getTrustManagerFactory() {
    return new TrustManagersInUse(tls.get().trustManager());
  }

  @Override
  public SSLContext createSslContext(String protocol) {
    return tls.get().sslContext();
  }
}
