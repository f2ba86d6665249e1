// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.client;

import dev.serviceidentity.ServiceIdentity;
import java.util.function.Supplier;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.SslBundle;

/**
 * How connections are made that carry credentials.
 *
 * @param usual what the application has configured for all its clients
 * @param identity gives the identity
 * @param bundle of the identity; an application's own one is used in its place
 */
record IdentityConnections(
    HttpClientSettings usual, Supplier<ServiceIdentity> identity, SslBundle bundle) {
  HttpClientSettings settings() {
    HttpClientSettings safe = usual.withRedirects(HttpRedirects.DONT_FOLLOW);
    return usual.sslBundle() == null && hasTls() ? safe.withSslBundle(bundle) : safe;
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
