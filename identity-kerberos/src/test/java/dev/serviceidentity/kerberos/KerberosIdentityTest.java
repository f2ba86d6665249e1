// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.spi.OwnedRuntime;
import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.TicketLife;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestRealms.Shared.class)
class KerberosIdentityTest {
  private static final Target SERVICE = Target.of(URI.create("http://127.0.0.1"));

  private final TestRealms realms;
  private final Path directory;

  KerberosIdentityTest(TestRealms realms, @TempDir Path directory) {
    this.realms = realms;
    this.directory = directory;
  }

  @Test
  void anOpenIdentityIsReady() {
    Path keytab = realms.keytab(directory, "ready");
    try (var ready = TestRealms.builder("ready", keytab).open()) {
      assertThat(ready.name()).isEqualTo(MechanismName.KERBEROS);
      assertThat(ready.current().principal())
          .isEqualTo(PrincipalId.parse("kerberos:ready@SHOP.EXAMPLE"));
      assertThat(ready.current().isValidAt(Instant.now())).isTrue();
      assertThat(ready.health().status()).isEqualTo(Health.Status.UP);
      assertThat(ready.tls()).isEmpty();
      assertThat(ready).hasToString("KerberosIdentity[ready@SHOP.EXAMPLE]");
    }
  }

  @Test
  void anIdentityThatOnlyAcceptsNeedsNoKdc() throws IOException {
    Path keytab = directory.resolve("dead.keytab");
    Files.write(keytab, TestRealms.keytabOf("x", TestRealms.DEAD));
    try (var orders =
        KerberosIdentity.builder()
            .principal("x@" + TestRealms.DEAD)
            .keytab(keytab)
            .acceptOnly()
            .open()) {
      assertThat(orders.current().expiresAt()).isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
      fails(Code.CONFIGURATION, "acceptOnly()", () -> orders.credentialsFor(SERVICE));
    }
  }

  @Test
  void aDeadKdcIsUnreachable() throws IOException {
    Path keytab = directory.resolve("dead.keytab");
    Files.write(keytab, TestRealms.keytabOf("x", TestRealms.DEAD));
    fails(
        Code.AUTHORITY_UNREACHABLE,
        "no KDC of DEAD.EXAMPLE answers",
        TestRealms.inRealm(TestRealms.DEAD, "x", keytab)::open);
  }

  @Test
  void aRealmThatTheKrb5ConfDoesNotNameIsSaid() throws IOException {
    Path keytab = directory.resolve("unknown.keytab");
    Files.write(keytab, TestRealms.keytabOf("x", TestRealms.UNKNOWN));
    fails(
        Code.CONFIGURATION,
        "under [realms] in the krb5.conf",
        TestRealms.inRealm(TestRealms.UNKNOWN, "x", keytab)::open);
  }

  @Test
  void aPrincipalThatTheKdcDoesNotKnowIsRefusedByName() throws IOException {
    Path keytab = directory.resolve("nobody.keytab");
    Files.write(keytab, TestRealms.keytabOf("nobody", TestRealms.SHOP));
    fails(
        Code.REFUSED,
        "KDC_ERR_C_PRINCIPAL_UNKNOWN (6)",
        TestRealms.builder("nobody", keytab)::open);
  }

  @Test
  void aKeyThatIsNotTheKdcsIsRefusedWithTheCure() throws IOException {
    realms.shop().principal("wrongkey");
    Path keytab = directory.resolve("wrongkey.keytab");
    Files.write(keytab, TestRealms.keytabOf("wrongkey", TestRealms.SHOP));
    fails(Code.REFUSED, "write a new keytab", TestRealms.builder("wrongkey", keytab)::open);
  }

  @Test
  void aServiceThatTheKdcDoesNotKnowIsRefusedWithTheCure() {
    Path keytab = realms.keytab(directory, "asking");
    try (var asking = TestRealms.builder("asking", keytab).open()) {
      fails(
          Code.REFUSED,
          "KDC_ERR_S_PRINCIPAL_UNKNOWN (7)",
          () -> asking.credentialsFor(Target.of(URI.create("http://unheard.of"))));
    }
  }

  @Test
  void aTargetThatIsNoPrincipalIsAConfigurationError() {
    Path keytab = realms.keytab(directory, "targeting");
    try (var asking = TestRealms.builder("targeting", keytab).open()) {
      fails(
          Code.CONFIGURATION,
          "no principal",
          () -> asking.credentialsFor(SERVICE.servicePrincipal("a//b")));
    }
  }

  @Test
  void aKdcThatDiesIsOutlivedByTheTicketAndTheServicesAlreadyKnown() throws Exception {
    realms.mortal().principal("web");
    realms.mortal().principal("HTTP/known.shop");
    Path keytab = realms.mortal().keytab(directory.resolve("web.keytab"), "web");
    TestClock clock = TestClock.at(Clock.systemUTC());
    var failed = new CompletableFuture<IdentityException>();
    try (var owned = Runtimes.with(clock);
        var web = TestRealms.inRealm(TestRealms.MORTAL, "web", keytab).open(owned.runtime())) {
      Target known = Target.of(URI.create("http://known.shop"));
      web.credentialsFor(known);
      web.subscribe(
          new IdentityListener() {
            @Override
            public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
              failed.complete(cause);
            }
          });
      realms.mortal().close();
      Duration life = Duration.between(clock.instant(), web.current().expiresAt());
      clock.advance(life.multipliedBy(9).dividedBy(10));
      assertThat(failed.get(30, TimeUnit.SECONDS).code()).isEqualTo(Code.AUTHORITY_UNREACHABLE);
      assertThatCode(() -> web.credentialsFor(known)).doesNotThrowAnyException();
      assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
      fails(
          Code.AUTHORITY_UNREACHABLE,
          "no KDC",
          () -> web.credentialsFor(Target.of(URI.create("http://new.shop"))));
      clock.advance(life);
      fails(Code.EXPIRED, "could not be refreshed", () -> web.credentialsFor(known));
    }
  }

  @Test
  void aTicketIsRefreshedOnTheRuntimeOfTheOwner() throws Exception {
    var rotated = new CompletableFuture<String>();
    TestClock clock = TestClock.at(Clock.systemUTC());
    // Within the clock skew that a KDC permits.
    try (var kdc = EmbeddedKdc.start("BRIEF.EXAMPLE", TicketLife.of(Duration.ofMinutes(4)));
        var owned = Runtimes.with(clock);
        var identity = open(kdc, "rotating", owned)) {
      identity.subscribe(
          new IdentityListener() {
            @Override
            public void onRotated(IdentitySnapshot current) {
              rotated.complete(current.generation() + " on " + Thread.currentThread().getName());
            }
          });
      clock.advance(Duration.ofMinutes(4).multipliedBy(9).dividedBy(10));
      assertThat(rotated.get(30, TimeUnit.SECONDS)).isEqualTo("2 on identity-kerberos-listeners");
    }
  }

  private KerberosIdentity open(EmbeddedKdc kdc, String name, OwnedRuntime runtime) {
    return KerberosIdentity.builder()
        .principal(kdc.principal(name))
        .keytab(kdc.keytab(directory.resolve(name + ".keytab"), name))
        .krb5Conf(kdc.krb5Conf())
        .open(runtime.runtime());
  }

  @Test
  void closingLeavesNoThreadAndNoKeys() throws InterruptedException {
    Path keytab = realms.keytab(directory, "HTTP/closing.shop");
    var identity = TestRealms.builder("HTTP/closing.shop", keytab).open();
    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("identity-kerberos-HTTP/closing.shop"))
            .toList();
    identity.close();
    identity.close();
    assertThat(threads).isNotEmpty();
    for (Thread thread : threads) {
      thread.join(60_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
    fails(Code.CLOSED, "closed", identity::current);
    fails(Code.CLOSED, "closed", () -> identity.credentialsFor(SERVICE));
    var seen = (Verification.Rejected) identity.callers().verify(TokenSurgery.evidence("YII="));
    assertThat(seen.reason()).isEqualTo(RefusalReason.CLOSED);
    assertThat(identity.health().status()).isEqualTo(Health.Status.DOWN);
  }

  @Test
  void aFailureToOpenLeavesNoThread() {
    var builder = TestRealms.builder("HTTP/absent.shop", directory.resolve("absent"));
    fails(Code.CONFIGURATION, "does not exist", builder::open);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().contains("HTTP/absent.shop"));
  }

  @Test
  void openingSaysWhichCallOfTheBuilderIsMissing() {
    var nameless = KerberosIdentity.builder().keytab(directory.resolve("k"));
    fails(Code.CONFIGURATION, "Name it with principal(...)", nameless::open);
    var keyless = KerberosIdentity.builder().principal("x@" + TestRealms.SHOP);
    fails(Code.CONFIGURATION, "Name it with keytab(...)", keyless::open);
    try (var owned = Runtimes.with(Clock.systemUTC())) {
      fails(Code.CONFIGURATION, "Name it with keytab(...)", () -> keyless.open(owned.runtime()));
    }
  }

  @Test
  void anArgumentThatCannotBeOneIsRefusedAtOnceAndQuoted() {
    var builder = KerberosIdentity.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.principal("HTTP/orders.shop"))
        .withMessageStartingWith("'HTTP/orders.shop' is not a Kerberos principal");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.openTimeout(Duration.ZERO))
        .withMessage("openTimeout(...) is positive, not 'PT0S'");
  }

  @Test
  void theClockSkewIsBetweenASecondAndADay() {
    var builder = KerberosIdentity.builder();
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofHours(25))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.clockSkew(wrong))
          .withMessageStartingWith("clockSkew(...) is between a second and a day");
    }
  }

  @Test
  void whatTheJdksAcceptorCannotKeepIsNotPromised() {
    Path keytab = realms.keytab(directory, "HTTP/strict.shop");
    var builder =
        TestRealms.builder("HTTP/strict.shop", keytab)
            .acceptOnly()
            .jgssAcceptor()
            .channelBindings(ChannelBindingPolicy.REQUIRE);
    fails(Code.CONFIGURATION, "accepts by jgssAcceptor()", builder::open);
  }

  @Test
  void aNameToAcceptAsNeedsAKey() {
    Path keytab = realms.keytab(directory, "HTTP/one-name.shop");
    var builder =
        TestRealms.builder("HTTP/one-name.shop", keytab)
            .acceptOnly()
            .acceptAs("HTTP/another.shop@" + TestRealms.SHOP);
    fails(Code.CONFIGURATION, "has no key for HTTP/another.shop@SHOP.EXAMPLE", builder::open);
  }

  @Test
  void openingGivesUpInTime() {
    Path keytab = realms.keytab(directory, "impatient");
    var builder = TestRealms.builder("impatient", keytab).openTimeout(Duration.ofNanos(1));
    fails(Code.NOT_READY, "kdc_timeout", builder::open);
  }

  private static void fails(Code code, String words, Runnable attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            IdentityException.class, thrown -> assertThat(thrown.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
