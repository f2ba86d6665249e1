// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.testkit.TestDecisions.admitted;
import static dev.serviceidentity.testkit.TestDecisions.refused;
import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.testkit.junit.Identity;
import dev.serviceidentity.testkit.junit.ServiceIdentityTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the Javadoc, compiled and run. */
@DisplayName("The example of an entry type")
class ExamplesTest {
  private static final Path MAIN =
      Path.of("src", "main", "java", "dev", "serviceidentity", "testkit");
  private static final Path THIS =
      Path.of("src/test/java/dev/serviceidentity/testkit/ExamplesTest.java");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* \\}</pre>", Pattern.DOTALL);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EmbeddedKdc",
        "FakeMechanism",
        "FakeServiceIdentity",
        "Script",
        "TestClock",
        "TestDecisions",
        "TestIdentity",
        "TestVerifier",
        "TicketLife",
        "assertions/IdentityAssertions",
        "junit/ServiceIdentityTest",
      })
  void isTheOneThatIsCompiledHere(String type) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(MAIN.resolve(type + ".java")));
    assertThat(example.find()).isTrue();
    String code = example.group(1).replaceAll("(?m)^ \\* ?", "");
    assertThat(squeezed(Files.readString(THIS))).contains(squeezed(code));
  }

  @Test
  void ofAKdcWritesAKeytab() {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("HTTP/orders.shop");
      kdc.keytab(directory.resolve("orders.keytab"), "HTTP/orders.shop");
    }
    assertThat(directory.resolve("orders.keytab")).isNotEmptyFile();
  }

  @Test
  void ofATicketLifeLimitsAKdc() {
    var kdc = EmbeddedKdc.start("SHOP.EXAMPLE", TicketLife.of(Duration.ofMinutes(5)));
    kdc.close();
    assertThat(TicketLife.of(Duration.ofMinutes(5)).isRenewable()).isFalse();
  }

  @Test
  void ofAMechanismRefusesACaller() {
    try (var orders =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
            .trustIdentityAlone()
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .open()) {
      var batch = TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch");
      assertThat(orders.admit(batch.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
    }
  }

  @Test
  void ofAScriptedIdentityTestsAHandler() {
    var handler = new Handler();
    CallerEvidence request =
        TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch")
            .evidence()
            .request("GET", "/orders/7");
    var orders = FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");
    orders
        .whenAdmitting()
        .always(TestDecisions.refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "batch may not"));
    handler.handle(orders, request);
    assertThat(orders.events())
        .hasRefused(RefusalReason.NOT_ALLOWED)
        .forRequest("GET", "/orders/7");
  }

  @Test
  void ofAScriptAnswersInOrder() {
    var orders = FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");
    var web = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web");
    orders
        .whenAdmitting()
        .once(refused(Layer.IDENTITY, RefusalReason.UNAVAILABLE, "the KDC is down"))
        .on(
            request -> request.path().startsWith("/admin"),
            refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "web is no administrator"))
        .always(admitted(web));
    assertThat(orders.admit(web.evidence())).isRefusedFor(RefusalReason.UNAVAILABLE);
    assertThat(orders.admit(web.evidence())).isAdmitted();
  }

  @Test
  void ofAClockMovesIt() {
    var clock = TestClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    clock.advance(Duration.ofHours(8));
    assertThat(clock.instant()).isEqualTo("2026-01-01T08:00:00Z");
  }

  @Test
  void ofDecisionsMakesBoth() {
    Refused no = TestDecisions.refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "web may not");
    Admitted yes = TestDecisions.admitted(TestIdentity.of("kerberos:alice@SHOP.EXAMPLE"));
    assertThat(no.id()).matches("[0-9a-f]{24}").isNotEqualTo(yes.id());
  }

  @Test
  void ofAnIdentityMakesEvidence() {
    TestIdentity web = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web").from("10.1.0.5");
    CallerEvidence good = web.evidence().request("GET", "/orders/7");
    CallerEvidence late = web.expired().evidence();
    CallerEvidence forged = web.tampered().evidence();
    var verifier = TestVerifier.trusting("shop.example");
    assertThat(verifier.verify(good)).isVerifiedAs(web.toString());
    assertThat(verifier.verify(late)).isRejectedFor(TestRejection.EXPIRED);
    assertThat(verifier.verify(forged)).isRejectedFor(TestRejection.TAMPERED);
  }

  @Test
  void ofAVerifierBelievesItsDomains() {
    var verifier = TestVerifier.trusting("shop.example", "SHOP.EXAMPLE");
    Verification seen = verifier.verify(TestIdentity.of("kerberos:alice@SHOP.EXAMPLE").evidence());
    assertThat(seen).isVerifiedAs("kerberos:alice@SHOP.EXAMPLE");
  }

  @Test
  void ofAssertionsLooksAtDecisionAndEvents() {
    var events = new InMemorySink(16);
    var batch = TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch");
    try (var identity =
        ServiceIdentity.builder()
            .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
            .trustIdentityAlone()
            .allow(AllowedCallers.serviceAccounts("shop/web"))
            .audit(events)
            .open()) {
      assertThat(identity.admit(batch.evidence()))
          .isRefusedFor(RefusalReason.NOT_ALLOWED)
          .explaining("spiffe://shop.example/ns/shop/sa/batch", "AllowedCallers");
      assertThat(events).hasRefused(RefusalReason.NOT_ALLOWED).from("192.0.2.1");
    }
  }

  @Nested
  @ServiceIdentityTest
  class OrdersTest {
    @Test
    void batchMayNotCall(
        @Identity("spiffe://shop.example/ns/shop/sa/orders") FakeMechanism own,
        @Identity("spiffe://shop.example/ns/shop/sa/batch") TestIdentity batch) {
      try (var orders = Orders.identity(own)) {
        assertThat(orders.admit(batch.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
      }
    }
  }

  /** The service under test. */
  private static final class Orders {
    static ServiceIdentity identity(FakeMechanism own) {
      return ServiceIdentity.builder()
          .mechanism(own)
          .trustIdentityAlone()
          .allow(AllowedCallers.serviceAccounts("shop/web"))
          .open();
    }
  }

  /** What a web framework has. */
  private static final class Handler {
    void handle(ServiceIdentity identity, CallerEvidence request) {
      assertThat(identity.admit(request)).withStatus(403);
    }
  }

  /** Without white space. */
  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
