// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Case 37: a resumed session skips the trust manager. Each test first sees a session being resumed,
 * by a client that counts the handshakes in which it was shown a certificate. A server of Conscrypt
 * resumes no session of TLS 1.3, neither with its own client nor with the JDK's.
 */
@ParameterizedClass
@CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "CONSCRYPT, TLSv1.2"})
class ResumptionTest {
  @TempDir Path directory;
  private final ServerTls tls;
  private final String protocol;
  private final AtomicInteger handshakes = new AtomicInteger();
  private World world;
  private DevelopmentCa next;
  private IssuedCertificate trustingBoth;

  ResumptionTest(ServerTls tls, String protocol) {
    this.tls = tls;
    this.protocol = protocol;
  }

  @BeforeEach
  void issue() {
    world = new World(directory);
    next = DevelopmentCa.create("shop.example", world.clock);
    trustingBoth =
        next.issue(World.template(World.ORDERS))
            .trusting(List.of(next.certificate(), world.ca.certificate()));
    trustingBoth.writeTo(world.files("orders"));
    world
        .ca
        .issue(World.template(World.WEB).lifetime(Duration.ofMinutes(10)))
        .trusting(List.of(next.certificate()))
        .writeTo(world.files("web"));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  @DisplayName("37 an expired client is refused and its connection ends")
  void anExpiredClientIsRefusedAndItsConnectionEnds() throws Exception {
    Calls calls = new Calls(world.serve(world.open("orders", tls::in)));
    calls.resume();

    world.clock.advance(Duration.ofMinutes(10));

    assertThat(calls.ask()).startsWith("EXPIRED").contains("Connection");
    assertThat(handshakes).as("it was resumed").hasValue(1);
  }

  @Test
  @DisplayName("37 a client of a removed authority is refused in the handshake")
  void aClientOfARemovedAuthorityIsRefusedInTheHandshake() throws Exception {
    MtlsIdentity orders = world.open("orders", tls::in);
    Calls calls = new Calls(world.serve(orders));
    calls.resume();

    trustingBoth.trusting(List.of(next.certificate())).writeTo(world.files("orders"));
    orders.refresh();

    assertThatThrownBy(calls::ask).isInstanceOf(IOException.class);
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
  }

  @Test
  @DisplayName("37 a client whom the verifier now denies is refused and its connection ends")
  void aClientWhomTheVerifierNowDeniesIsRefusedAndItsConnectionEnds() throws Exception {
    Forged root =
        Draft.authority("root")
            .keyUsage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign)
            .selfSigned();
    Forged web = Draft.leaf().signedBy(root);
    var lists = new CountedLists(list(root));
    Revocation revocation = Revocation.hardFail().lists(RevocationTest.store(lists));
    // Otherwise the connection may end before the answer on it is written.
    world.still();
    world.write("revoking", Draft.leaf().id(World.ORDERS).signedBy(root), root);
    AnsweringServer server =
        world.serve(world.open("revoking", b -> tls.in(b).revocation(revocation)));
    SSLContext context = PlainClient.showing(web.with(), web.keys().getPrivate());
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    assertThat(server.ask(context, parameters)).contains(Draft.WEB);
    int looks = lists.looks();
    assertThat(looks).isPositive();
    assertThat(server.ask(context, parameters)).contains(Draft.WEB);
    assertThat(lists.looks()).as("what was verified is remembered").isEqualTo(looks);

    lists.set(0, list(root, web));
    world.clock.advance(Revocation.GOOD_FOR);

    assertThat(server.ask(context, parameters)).startsWith("REVOKED").contains("Connection");
    assertThat(world.refusals()).as("it was resumed").isEmpty();
  }

  @Test
  @DisplayName("37 no context of a container keeps an expired client in")
  void noContextOfAContainerKeepsAnExpiredClientIn() throws Exception {
    MtlsIdentity orders = world.open("orders", tls::in);
    Calls calls = new Calls(world.serve(orders, ofManagers(orders)));
    calls.resume();

    world.clock.advance(Duration.ofMinutes(10));

    assertThat(calls.ask()).startsWith("EXPIRED").contains("Connection");
    assertThat(handshakes).as("it was resumed").hasValue(1);
  }

  @Test
  @DisplayName("37 no context of a container keeps a client of a removed authority in")
  void noContextOfAContainerKeepsAClientOfARemovedAuthorityIn() throws Exception {
    MtlsIdentity orders = world.open("orders", tls::in);
    Calls calls = new Calls(world.serve(orders, ofManagers(orders)));
    calls.resume();

    trustingBoth.trusting(List.of(next.certificate())).writeTo(world.files("orders"));
    orders.refresh();

    assertThat(calls.ask()).startsWith("UNTRUSTED_ISSUER").contains("Connection");
    assertThat(handshakes).as("it was resumed").hasValue(1);
  }

  @Test
  void noSessionIsResumedThatIsTooOld() throws Exception {
    Calls calls =
        new Calls(
            world.serve(world.open("orders", b -> tls.in(b).sessionAge(Duration.ofMinutes(5)))));
    calls.resume();

    world.clock.advance(Duration.ofMinutes(5));

    assertThat(calls.ask()).contains(World.WEB);
    assertThat(handshakes).hasValue(2);
  }

  private static X509CRL list(Forged root, Forged... revoked) throws Exception {
    return RevocationTest.list(root, Draft.NOW.plus(Duration.ofDays(1)), revoked);
  }

  /** As containers make it that take managers only, of the JDK. */
  private static SSLContext ofManagers(MtlsIdentity identity) throws Exception {
    TlsMaterial material = identity.tls().orElseThrow();
    return PlainClient.of(
        new KeyManager[] {material.keyManager()}, new TrustManager[] {material.trustManager()});
  }

  /** A client that keeps its sessions. */
  private final class Calls {
    private final AnsweringServer server;
    private final SSLContext context;
    private final SSLParameters parameters;
    private final Thread tester = Thread.currentThread();

    Calls(AnsweringServer server) {
      this.server = server;
      MtlsIdentity web = world.open("web", b -> b.servers(p -> isCounted(Thread.currentThread())));
      this.context = web.tls().orElseThrow().sslContext();
      this.parameters = web.tls().orElseThrow().clientParameters();
      parameters.setProtocols(new String[] {protocol});
    }

    /** Handshakes are made by the test; open connections are judged by another thread. */
    private boolean isCounted(Thread asking) {
      if (asking == tester) {
        handshakes.incrementAndGet();
      }
      return true;
    }

    String ask() throws IOException {
      return server.ask(context, parameters);
    }

    void resume() throws IOException {
      assertThat(ask()).contains(World.WEB);
      assertThat(ask()).contains(World.WEB);
      assertThat(handshakes).as("resumption works at all").hasValue(1);
    }
  }
}
