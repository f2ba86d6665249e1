// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import dev.serviceidentity.samples.shop.BoundSocketFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * Lets clients call from a pod's own address, as a cluster's network would have it: on one machine
 * they would all come from one.
 *
 * @param source the address
 */
record PodRequests(InetAddress source)
    implements ClientHttpRequestFactoryBuilder<SimpleClientHttpRequestFactory> {
  @Override
  public SimpleClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
    SslBundle bundle = settings == null ? null : settings.sslBundle();
    return new SimpleClientHttpRequestFactory() {
      @Override
      protected void prepareConnection(HttpURLConnection connection, String method)
          throws IOException {
        super.prepareConnection(connection, method);
        connection.setInstanceFollowRedirects(false);
        if (bundle != null && connection instanceof HttpsURLConnection secure) {
          secure.setSSLSocketFactory(
              new BoundSocketFactory(bundle.createSslContext().getSocketFactory(), source));
        }
      }
    };
  }
}
