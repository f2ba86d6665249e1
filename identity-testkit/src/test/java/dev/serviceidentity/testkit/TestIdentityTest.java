// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mtls.CertificateRejection;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestIdentityTest {
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";

  private final TestClock clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final TestVerifier verifier =
      TestVerifier.trusting("shop.example", "SHOP.EXAMPLE").clock(clock);
  private final TestIdentity web = TestIdentity.of(WEB).clock(clock);

  @ParameterizedTest
  @ValueSource(
      strings = {
        WEB,
        "kerberos:HTTP/orders.shop@SHOP.EXAMPLE",
        "service-account-token:spiffe://shop.example/ns/shop/sa/web",
        "my-own:alice@shop.example"
      })
  void isVerifiedWhateverItsMechanism(String principal) {
    assertThat(verifier.verify(TestIdentity.of(principal).clock(clock).evidence()))
        .isVerifiedAs(principal);
  }

  @ParameterizedTest
  @MethodSource
  void isRejectedForWhatIsWrongWithIt(
      UnaryOperator<TestIdentity> flaw, TestRejection light, CertificateRejection real) {
    assertThat(verifier.verify(flaw.apply(web).evidence())).isRejectedFor(light);
  }

  static Stream<Arguments> isRejectedForWhatIsWrongWithIt() {
    return Stream.of(
        flaw(TestIdentity::expired, TestRejection.EXPIRED, CertificateRejection.EXPIRED),
        flaw(
            TestIdentity::notYetValid,
            TestRejection.NOT_YET_VALID,
            CertificateRejection.NOT_YET_VALID),
        flaw(
            TestIdentity::tampered,
            TestRejection.TAMPERED,
            CertificateRejection.SIGNATURE_INVALID));
  }

  private static Arguments flaw(
      UnaryOperator<TestIdentity> how, TestRejection light, CertificateRejection real) {
    return Arguments.of(how, light, real);
  }

  @ParameterizedTest
  @MethodSource("isRejectedForWhatIsWrongWithIt")
  void asACertificateItIsRejectedByTheRealThing(
      UnaryOperator<TestIdentity> flaw,
      TestRejection light,
      CertificateRejection real,
      @TempDir Path directory) {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    TestIdentity issued = TestIdentity.of(WEB).issuedBy(ca);
    try (MtlsIdentity orders = orders(ca, directory)) {
      assertThat(orders.callers().verify(issued.evidence())).isVerifiedAs(WEB);
      assertThat(orders.callers().verify(flaw.apply(issued).evidence())).isRejectedFor(real);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRejectedByTheRealThing(@TempDir Path directory) {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    DevelopmentCa other = DevelopmentCa.create("shop.example", Clock.systemUTC());
    try (MtlsIdentity orders = orders(ca, directory)) {
      Reason reason = CertificateRejection.UNTRUSTED_ISSUER;
      CallerEvidence evidence = TestIdentity.of(WEB).issuedBy(other).evidence();
      assertThat(orders.callers().verify(evidence)).isRejectedFor(reason);
    }
  }

  @Test
  void onlyMtlsPrincipalsHaveCertificates() {
    DevelopmentCa ca = DevelopmentCa.create("shop.example", clock);
    assertThat(TestIdentity.of("mtls:dns:web.shop@shop.example").issuedBy(ca).principal())
        .hasToString("mtls:dns:web.shop@shop.example");
    assertThatThrownBy(() -> TestIdentity.of("kerberos:web@SHOP.EXAMPLE").issuedBy(ca))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kerberos:web@SHOP.EXAMPLE");
  }

  @Test
  void anIdentityOfAnotherDomainIsRejectedByName() {
    assertThat(verifier.verify(TestIdentity.of("kerberos:eve@EVIL.EXAMPLE").evidence()))
        .isRejectedFor(TestRejection.UNTRUSTED_DOMAIN)
        .explaining("kerberos:eve@EVIL.EXAMPLE", "SHOP.EXAMPLE");
  }

  @Test
  void theClockEndsItsLife() {
    CallerEvidence evidence = web.lifetime(Duration.ofMinutes(5)).evidence();
    clock.advance(Duration.ofMinutes(5).minusNanos(1));
    assertThat(verifier.verify(evidence)).isVerifiedAs(WEB);
    clock.advance(Duration.ofNanos(1));
    assertThat(verifier.verify(evidence)).isRejectedFor(TestRejection.EXPIRED);
  }

  @Test
  void itCallsFromWhereAndToWhereTheTestSays() {
    CallerEvidence evidence = web.from("10.1.0.5").toPort(9090).evidence();
    assertThat(evidence.source().getHostString()).isEqualTo("10.1.0.5");
    assertThat(evidence.local().getPort()).isEqualTo(9090);
    assertThat(web.from("fd00::5").evidence().source().getHostString())
        .isEqualTo("fd00:0:0:0:0:0:0:5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.shop", "10.1", "", "10.1.0.500", "a:b.example", "localhost"})
  void anAddressIsNeverLookedUp(String name) {
    assertThatThrownBy(() -> web.from(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Not an IPv4 or IPv6 address");
  }

  @Test
  void oneRequestMayProveTwoMechanisms() {
    TestIdentity alice = TestIdentity.of("kerberos:alice@SHOP.EXAMPLE").clock(clock);
    var both = List.of(field(web), field(alice));
    CallerEvidence evidence = web.evidence().headers(Map.of("Test-Identity", both));
    var orders = FakeMechanism.of("kerberos:orders@SHOP.EXAMPLE").open(clock);
    assertThat(orders.callers().verify(evidence)).isVerifiedAs("kerberos:alice@SHOP.EXAMPLE");
    assertThat(verifier.verify(evidence)).isRejectedFor(TestRejection.MALFORMED);
  }

  @Test
  void whatIsNoTokenIsRejectedAndNeverAnError() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    String token = field(web);
    for (int i = 0; i < 2000; i++) {
      var text = new StringBuilder(token);
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(32, 256));
      }
      if (!text.toString().equals(token)) {
        var evidence = web.evidence().headers(Map.of("test-identity", List.of(text.toString())));
        assertThat(verifier.verify(evidence))
            .describedAs("seed %d: %s", seed, text)
            .isInstanceOf(Verification.Rejected.class);
      }
    }
  }

  @Test
  void aRequestWithoutCredentialIsNotItsOwn() {
    assertThat(verifier.claims(web.evidence())).isTrue();
    assertThat(verifier.claims(web.evidence().headers(Map.of()))).isFalse();
  }

  private static String field(TestIdentity identity) {
    return identity.evidence().header("test-identity").get(0);
  }

  private static MtlsIdentity orders(DevelopmentCa ca, Path directory) {
    ca.issue(LeafTemplate.spiffe("spiffe://shop.example/ns/shop/sa/orders")).writeTo(directory);
    return MtlsIdentity.builder().pemDirectory(directory).trustDomain("shop.example").open();
  }
}
