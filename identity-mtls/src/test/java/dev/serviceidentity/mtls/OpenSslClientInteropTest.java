// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mtls.Draft.Forged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRL;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code openssl s_client} calls our server. */
@ParameterizedClass
@ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
class OpenSslClientInteropTest {
  private static final Forged ROOT = OpenSsl.ROOT;
  private static final Forged WEB = OpenSsl.Kind.EC.leaf(World.WEB).signedBy(ROOT);
  private static final Forged ORDERS = OpenSsl.Kind.EC.leaf(World.ORDERS).signedBy(ROOT);

  @TempDir Path directory;
  private final String protocol;
  private OpenSsl openssl;
  private World world;

  OpenSslClientInteropTest(String protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void findIt() {
    openssl = OpenSsl.required(directory);
    world = new World(directory);
  }

  @AfterEach
  void close() throws Exception {
    if (world != null) {
      world.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothProveThemselvesWithCertificatesOfEveryKind(OpenSsl.Kind kind) throws Exception {
    world.write("orders", kind.leaf(World.ORDERS).signedBy(ROOT), ROOT);
    AnsweringServer server = world.serve(world.open("orders"));

    String said = call(server, kind.leaf(World.WEB).signedBy(ROOT));

    assertThat(said)
        .contains("mtls:" + World.WEB + " sha256:")
        .contains("New, " + protocol)
        .contains("Verify return code: 0 (ok)");
  }

  @Test
  void aClientOfAnotherTrustDomainIsToldByAnAlert() throws Exception {
    AnsweringServer server = serve();

    String said = call(server, OpenSsl.Kind.EC.leaf("spiffe://elsewhere.example/x").signedBy(ROOT));

    assertRefused(said, "alert certificate unknown");
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.UNKNOWN_TRUST_DOMAIN);
  }

  @Test
  void anExpiredClientIsToldByAnAlert() throws Exception {
    AnsweringServer server = serve();

    String said = call(server, OpenSsl.expired(World.WEB).signedBy(ROOT));

    assertRefused(said, "alert certificate unknown");
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.EXPIRED);
  }

  @Test
  void aClientWithoutCertificateIsToldByAnAlert() throws Exception {
    AnsweringServer server = serve();

    String said = openssl.call(server.port(), protocol, world.files("orders"));

    // By RFC 5246 section 7.4.6 handshake_failure, by RFC 8446 section 4.4.2.4
    // certificate_required;
    // JDK 17 says neither.
    assertRefused(
        said, "alert (bad certificate|handshake failure|certificate required|number 116)");
    assertThat(server.failure()).hasMessageContaining("Empty client certificate chain");
  }

  @Test
  void aServerOfAnUnknownAuthorityIsRefusedByIt() throws Exception {
    AnsweringServer server = serve();
    Forged other = Draft.authority("other").selfSigned();
    world.write("web", OpenSsl.Kind.EC.leaf(World.WEB).signedBy(other), other);

    String said =
        openssl.call(
            server.port(), protocol, world.files("web"), OpenSsl.showing(world.files("web")));

    assertRefused(said, "certificate verify failed");
    assertThat(server.failure()).as("our side has no connection either").isNotNull();
  }

  @Test
  @DisplayName("37 no session of a client whose authority was removed is resumed")
  void noSessionOfAClientWhoseAuthorityWasRemovedIsResumed() throws Exception {
    MtlsIdentity orders = openOrders();
    AnsweringServer server = world.serve(orders);
    resume(server);

    Forged next = Draft.authority("next").selfSigned();
    Files.writeString(
        world.files("orders").resolve("ca.crt"),
        Draft.pem("CERTIFICATE", Draft.der(next.certificate())));
    orders.refresh();

    assertRefused(resumed(server), "alert certificate unknown");
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
  }

  @Test
  @DisplayName("37 a resumed client that is denied is refused at its request")
  void aResumedClientThatIsDeniedIsRefusedAtItsRequest() throws Exception {
    var lists = new CopyOnWriteArrayList<CRL>(List.of(list()));
    Revocation revocation = Revocation.hardFail().lists(RevocationTest.store(lists));
    world.write("orders", ORDERS, ROOT);
    AnsweringServer server = world.serve(world.open("orders", b -> b.revocation(revocation)));
    resume(server);

    lists.set(0, list(WEB));
    world.clock.advance(Revocation.GOOD_FOR);

    assertThat(resumed(server)).contains("Reused, " + protocol).contains("REVOKED [Connection");
    assertThat(world.refusals()).as("it was resumed").isEmpty();
  }

  @Test
  @DisplayName("37 a resumed client that has expired is refused at its request")
  void aResumedClientThatHasExpiredIsRefusedAtItsRequest() throws Exception {
    AnsweringServer server = serve();
    resume(server);

    world.clock.advance(Duration.ofHours(1));

    assertThat(resumed(server)).contains("EXPIRED [Connection").doesNotContain(World.WEB + " sha");
  }

  private AnsweringServer serve() throws Exception {
    return world.serve(openOrders());
  }

  private MtlsIdentity openOrders() throws Exception {
    world.write("orders", ORDERS, ROOT);
    // A session of any age is resumed, unless what the test is about forbids it.
    return world.open("orders", b -> b.sessionAge(Duration.ofHours(24)));
  }

  private String call(AnsweringServer server, Forged client) throws Exception {
    world.write("client", client, ROOT);
    return call(server);
  }

  private String call(AnsweringServer server, String... more) throws Exception {
    Path files = world.files("client");
    return openssl.call(server.port(), protocol, files, OpenSsl.showing(files, more));
  }

  /** Calls twice, and sees the second one resume the session of the first one. */
  private void resume(AnsweringServer server) throws Exception {
    world.write("client", WEB, ROOT);
    assertThat(call(server, "-sess_out", session())).contains("New, " + protocol);
    assertThat(resumed(server)).contains("Reused, " + protocol).contains(World.WEB + " sha256:");
  }

  private String resumed(AnsweringServer server) throws Exception {
    return call(server, "-sess_in", session());
  }

  private String session() {
    return directory.resolve("session.pem").toString();
  }

  private static CRL list(Forged... revoked) throws Exception {
    return RevocationTest.list(ROOT, Draft.NOW.plus(Duration.ofDays(1)), revoked);
  }

  private static void assertRefused(String said, String how) {
    assertThat(said).containsPattern(how).doesNotContain("mtls:").doesNotContain("exit 0");
  }
}
