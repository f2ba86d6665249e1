// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateCallersTest {
  @TempDir Path directory;
  private World world;
  private MtlsIdentity orders;
  private CallerVerifier callers;

  @BeforeEach
  void open() {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    orders = world.open("orders");
    callers = orders.callers();
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aCallerCarriesNameEndAndFingerprint() {
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));

    Caller caller = callers.verify(evidence(web)).orElseThrow();

    assertThat(caller.principal()).hasToString("mtls:" + World.WEB);
    assertThat(caller.authenticatedAt()).isEqualTo(world.clock.instant());
    assertThat(caller.expiresAt()).isEqualTo(web.chain().get(0).getNotAfter().toInstant());
    assertThat(caller.fingerprint()).get().asString().matches("sha256:[0-9a-f]{64}");
  }

  @Test
  @DisplayName("38 no certificate is not claimed and no header stands in for it")
  void noCertificateIsNotClaimedAndNoHeaderStandsInForIt() {
    CallerEvidence anonymous =
        evidence(List.of())
            .headers(
                Map.of(
                    "X-Forwarded-Client-Cert", List.of("URI=" + World.WEB),
                    "Client-Cert", List.of(":MIIB:"),
                    "l5d-client-id", List.of("web.shop.serviceaccount.identity.linkerd.local")));

    assertThat(callers.claims(anonymous)).isFalse();
    assertThat(reason(callers.verify(anonymous))).isEqualTo(RefusalReason.NO_CREDENTIALS);
  }

  @Test
  @DisplayName("37 a caller is refused from the instant of its end")
  void aCallerIsRefusedFromTheInstantOfItsEnd() {
    IssuedCertificate web =
        world.ca.issue(LeafTemplate.spiffe(World.WEB).lifetime(Duration.ofMinutes(5)));
    assertThat(callers.verify(evidence(web))).isInstanceOf(Verification.Verified.class);

    world.clock.advance(Duration.ofMinutes(5));

    Verification after = callers.verify(evidence(web));
    assertThat(reason(after)).isEqualTo(CertificateRejection.EXPIRED);
    assertThat(after.reply()).containsExactly(new HeaderField("Connection", "close"));
  }

  @Test
  @DisplayName("37 a caller of a removed authority is refused")
  void aCallerOfARemovedAuthorityIsRefused() {
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    assertThat(callers.verify(evidence(web))).isInstanceOf(Verification.Verified.class);
    DevelopmentCa next = DevelopmentCa.create("shop.example", world.clock);

    next.issue(LeafTemplate.spiffe(World.ORDERS)).writeTo(world.files("orders"));
    orders.refresh();

    Verification after = callers.verify(evidence(web));
    assertThat(reason(after)).isEqualTo(CertificateRejection.UNTRUSTED_ISSUER);
    assertThat(after.reply()).containsExactly(new HeaderField("Connection", "close"));
  }

  @Test
  void whatWasVerifiedOnceIsRemembered() {
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    Caller first = callers.verify(evidence(web)).orElseThrow();
    world.clock.advance(Duration.ofMinutes(1));

    assertThat(callers.verify(evidence(web)).orElseThrow()).isSameAs(first);
  }

  @Test
  void whoWasVerifiedInTheHandshakeIsNotVerifiedAgain() throws Exception {
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    Instant handshake = world.clock.instant();
    orders
        .tls()
        .orElseThrow()
        .trustManager()
        .checkClientTrusted(web.chain().toArray(X509Certificate[]::new), "UNKNOWN");
    world.clock.advance(Duration.ofMinutes(1));

    assertThat(callers.verify(evidence(web)).orElseThrow().authenticatedAt()).isEqualTo(handshake);
  }

  @Test
  void aServerThatWasVerifiedIsNoCaller() throws Exception {
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    Instant handshake = world.clock.instant();
    orders
        .tls()
        .orElseThrow()
        .trustManager()
        .checkServerTrusted(web.chain().toArray(X509Certificate[]::new), "UNKNOWN");
    world.clock.advance(Duration.ofMinutes(1));

    assertThat(callers.verify(evidence(web)).orElseThrow().authenticatedAt()).isAfter(handshake);
  }

  @Test
  void afterClosingNobodyIsVerified() {
    IssuedCertificate web = world.ca.issue(LeafTemplate.spiffe(World.WEB));
    callers.verify(evidence(web));
    orders.close();

    assertThat(reason(callers.verify(evidence(web)))).isEqualTo(RefusalReason.CLOSED);
  }

  @Test
  void itChallengesNobody() {
    assertThat(callers.challenges()).isEmpty();
  }

  private static Reason reason(Verification verification) {
    return ((Verification.Rejected) verification).reason();
  }

  private static CallerEvidence evidence(IssuedCertificate certificate) {
    return evidence(certificate.chain());
  }

  private static CallerEvidence evidence(List<X509Certificate> chain) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return CallerEvidence.of(
            new InetSocketAddress(loopback, 40000), new InetSocketAddress(loopback, 443))
        .peerCertificates(chain);
  }
}
