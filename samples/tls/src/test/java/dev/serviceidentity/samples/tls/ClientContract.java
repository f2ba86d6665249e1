// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.MtlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every client has to do; the server speaks HTTP/1.1 and HTTP/2. */
abstract class ClientContract {
  @TempDir Path folder;
  Shop shop;
  private JettyServer server;

  /** What came back. */
  record Answer(int status, String text) {}

  /** Makes calls as one identity. */
  interface Calls {
    Answer get(URI uri) throws Exception;
  }

  abstract Calls as(MtlsIdentity identity);

  @BeforeEach
  void start() throws Exception {
    shop = new Shop(folder);
    server =
        JettyServer.start(
            shop.orders(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    shop.close();
  }

  @Test
  void anAllowedCallerIsAdmitted() throws Exception {
    assertThat(as(shop.client("web")).get(uri()))
        .isEqualTo(new Answer(200, "hello mtls:spiffe://shop.example/ns/shop/sa/web"));
  }

  @Test
  void anotherCallerIsRefused() throws Exception {
    Answer answer = as(shop.client("batch")).get(uri());

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).startsWith("refused at layer CALLER");
  }

  @Test
  void aServerThatIsNotExpectedGetsNoRequest() {
    Calls web = as(shop.clientOf("payments"));

    assertThatThrownBy(() -> web.get(uri())).hasStackTraceContaining("SERVER_NOT_EXPECTED");
    assertThat(shop.events.events()).isEmpty();
  }

  @Test
  void eachRotationShowsInTheNextCallAndNoneFails() throws Exception {
    MtlsIdentity web = shop.client("web");
    Calls calls = as(web);
    assertThat(calls.get(uri()).status()).isEqualTo(200);

    var seen = new HashSet<>(shownBeside(Set.of()));

    for (int i = 0; i < 3; i++) {
      shop.issue("web");
      web.refresh();

      assertThat(calls.get(uri()).status()).isEqualTo(200);
      seen.addAll(shownBeside(seen));
    }
  }

  URI uri() {
    return uri("127.0.0.1");
  }

  /** By that name, which is not in the server's certificate. */
  URI otherName() {
    return uri("localhost");
  }

  private URI uri(String host) {
    return URI.create("https://" + host + ":" + server.port() + "/greeting");
  }

  /** The fingerprint of a certificate that a call has shown, other than those. */
  private List<String> shownBeside(Set<String> others) throws InterruptedException {
    return shop.events
        .await(event -> !others.containsAll(event.proof().fingerprints()), Duration.ofSeconds(60))
        .orElseThrow()
        .proof()
        .fingerprints();
  }
}
