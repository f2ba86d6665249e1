// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.PerGeneration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * The JDK's own HTTP client. It always checks host names: servers need a certificate with the name
 * or address by which they are called.
 */
final class JdkClient {
  private final PerGeneration<HttpClient> clients;

  JdkClient(MtlsIdentity identity) {
    this.clients = PerGeneration.of(identity, () -> client(identity.tls().orElseThrow()));
  }

  HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return clients
        .current()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient client(TlsMaterial tls) {
    return HttpClient.newBuilder()
        // Over HTTP/2, older JDKs fail the calls that run when a server wants a new connection
        // (JDK-8335181: before 17.0.17 and 24).
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls.sslContext())
        .sslParameters(tls.clientParameters())
        .build();
  }
}
