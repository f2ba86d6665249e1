// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.PerGeneration;
import java.io.IOException;
import java.net.URI;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp, over HTTP/2 where the server speaks it. */
final class OkHttpCalls {
  private final PerGeneration<OkHttpClient> clients;

  /**
   * Calls as an identity.
   *
   * @param identity whose {@code servers(...)} says who may answer: host names are not checked,
   *     since a SPIFFE certificate need not have any
   */
  OkHttpCalls(MtlsIdentity identity) {
    this.clients = PerGeneration.of(identity, () -> client(identity.tls().orElseThrow()));
  }

  /** The response is to be closed by the caller. */
  Response get(URI uri) throws IOException {
    return clients.current().newCall(new Request.Builder().url(uri.toString()).build()).execute();
  }

  private static OkHttpClient client(TlsMaterial tls) {
    return new OkHttpClient.Builder()
        .sslSocketFactory(tls.sslContext().getSocketFactory(), tls.trustManager())
        .hostnameVerifier((host, session) -> true)
        .build();
  }
}
