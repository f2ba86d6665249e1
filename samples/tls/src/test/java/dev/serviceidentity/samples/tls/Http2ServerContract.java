// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import okhttp3.Protocol;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** What a server has to do that speaks HTTP/2, too. */
abstract class Http2ServerContract extends ServerContract {
  @Test
  void overHttp2AnAllowedCallerIsAdmitted() throws Exception {
    try (Response response = get(new OkHttpCalls(shop.client("web")))) {
      assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.body().string())
          .isEqualTo("hello mtls:spiffe://shop.example/ns/shop/sa/web");
    }
  }

  @Test
  void overHttp2AnotherCallerIsRefused() throws Exception {
    try (Response response = get(new OkHttpCalls(shop.client("batch")))) {
      assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
      assertThat(response.code()).isEqualTo(403);
    }
  }

  @Test
  void overHttp2AClientWhoseSessionGetsOldHasToConnectAnewAndNoCallFails() throws Exception {
    var web = new OkHttpCalls(shop.client("web"));
    BigInteger first = shownTo(web);
    BigInteger next = shop.rotate();
    assertThat(shownTo(web)).isEqualTo(first);

    shop.clock.advance(Duration.ofMinutes(16));

    assertThat(shownTo(web)).isEqualTo(first);
    BigInteger shown = first;
    for (int calls = 0; calls < 1000 && shown.equals(first); calls++) {
      shown = shownTo(web);
    }
    assertThat(shown).isEqualTo(next);
  }

  /**
   * The serial number of the server's certificate on the connection of a call, which must not fail.
   */
  private BigInteger shownTo(OkHttpCalls client) throws Exception {
    try (Response response = get(client)) {
      assertThat(response.code()).isEqualTo(200);
      return ((X509Certificate) response.handshake().peerCertificates().get(0)).getSerialNumber();
    }
  }

  private Response get(OkHttpCalls client) throws Exception {
    return client.get(URI.create("https://127.0.0.1:" + server.port() + "/greeting"));
  }
}
