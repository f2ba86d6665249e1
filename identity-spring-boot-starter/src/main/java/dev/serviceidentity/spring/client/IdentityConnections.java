// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.ServiceIdentity;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.function.SingletonSupplier;

/**
 * How connections are made that carry credentials.
 *
 * @param usual what the application has configured for all its clients
 * @param identity gives the identity
 * @param bundle of the identity; an application's own one is used in its place
 */
record IdentityConnections(
    HttpClientSettings usual, Supplier<ServiceIdentity> identity, SslBundle bundle) {
  /**
   * A client that is asked for at each call, since clients are made before the identity is open:
   * until then nobody knows whether it has certificates.
   */
  <C> Supplier<C> atEachCall(Function<HttpClientSettings, C> clients) {
    HttpClientSettings safe = usual.withRedirects(HttpRedirects.DONT_FOLLOW);
    Supplier<C> plain = SingletonSupplier.of(() -> clients.apply(safe));
    if (usual.sslBundle() != null) {
      return plain;
    }
    Supplier<C> certified = SingletonSupplier.of(() -> clients.apply(safe.withSslBundle(bundle)));
    return () -> hasTls() ? certified.get() : plain.get();
  }

  private boolean hasTls() {
    try {
      identity.get().tls();
      return true;
    } catch (IllegalStateException noMechanismIsOne) {
      return false;
    }
  }
}
