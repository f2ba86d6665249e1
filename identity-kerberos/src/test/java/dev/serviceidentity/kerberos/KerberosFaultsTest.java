// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.TestClock;
import dev.serviceidentity.testkit.TicketLife;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole identity whose KDCs are in trouble when its ticket is to be refreshed: what its health
 * says in full, that no call fails, and that it recovers by itself.
 */
@Timeout(180)
class KerberosFaultsTest {
  private static final Target STOCK = Target.of(URI.create("http://stock.shop"));

  /** For KDCs that do not answer; those that do have this long on a slow machine. */
  private static final Duration IMPATIENCE = Duration.ofSeconds(5);

  /** Within the clock skew that the KDC permits. */
  private static final TicketLife LIFE = TicketLife.of(Duration.ofMinutes(4));

  /** Longer than what is waited for after a few failures. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  @TempDir private Path directory;
  private final EmbeddedKdc kdc = EmbeddedKdc.start("FAULTS.EXAMPLE", LIFE);
  private final TroubledKdc first = TroubledKdc.before(kdc.address());
  private final TroubledKdc second = TroubledKdc.before(kdc.address());
  private final TestClock clock = TestClock.at(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final BriskRuntime brisk = new BriskRuntime(clock);
  private Path keytab;
  private Duration kdcTimeout = Duration.ofSeconds(30);
  private WatchedIdentity web;

  @BeforeEach
  void addPrincipals() {
    kdc.principal("HTTP/stock.shop");
    kdc.principal("web");
    keytab = kdc.keytab(directory.resolve("web.keytab"), "web");
  }

  @AfterEach
  void close() {
    if (web != null) {
      web.close();
    }
    brisk.close();
    first.close();
    second.close();
    kdc.close();
  }

  @Test
  void aKdcThatIsKilled() throws Exception {
    open(first);
    first.die();
    degrades(
        "no KDC of FAULTS.EXAMPLE answers: "
            + first.address()
            + " refused the connection. Check that a KDC runs there and listens on TCP, and the"
            + " network policies towards it.");
    recovers();
  }

  @Test
  void aKdcThatIsFrozen() throws Exception {
    kdcTimeout = IMPATIENCE;
    open(first);
    first.freeze();
    web.becomesDue();
    first.awaitRequest();
    web.calls();
    tells(
        "no KDC of FAULTS.EXAMPLE answers: "
            + first.address()
            + " did not answer within 5 s. Check that a KDC runs there and listens on TCP, and the"
            + " network policies towards it.");
    recovers();
  }

  @Test
  void aKdcThatIsTooSlow() throws Exception {
    kdcTimeout = IMPATIENCE;
    open(first);
    first.slow(2 * IMPATIENCE.toMillis());
    degrades(
        "no KDC of FAULTS.EXAMPLE answers: "
            + first.address()
            + " did not answer within 5 s. Check that a KDC runs there and listens on TCP, and the"
            + " network policies towards it.");
    recovers();
  }

  @Test
  void aKdcThatIsSlowHoldsUpNobodyWhoHasATicket() throws Exception {
    open(first);
    first.slow(500);
    web.becomesDue();
    first.awaitRequest();
    web.calls();
    web.recovers();
  }

  @Test
  void somebodyWhoAnswersGarbageInItsPlace() throws Exception {
    open(first);
    first.babble("HTTP/1.1 400 Bad Request");
    degrades(
        "no KDC of FAULTS.EXAMPLE gave a usable answer: "
            + first.address()
            + " (the reply is missing or out of order). If that is no KDC of FAULTS.EXAMPLE,"
            + " somebody answers in its place.");
    recovers();
  }

  /** With a ticket of a day, since it takes hours until all are said. */
  @Test
  void everyErrorThatAKdcCanAnswer() throws Exception {
    try (var lasting = EmbeddedKdc.start("FAULTS.EXAMPLE");
        var troubled = TroubledKdc.before(lasting.address())) {
      lasting.principal("HTTP/stock.shop");
      lasting.principal("web");
      keytab = lasting.keytab(directory.resolve("lasting.keytab"), "web");
      open(troubled);
      Runnable timePasses = web::becomesDue;
      for (String line : errors()) {
        int code = Integer.parseInt(line.substring(0, line.indexOf(' ')));
        troubled.refuse(code, Instant.parse("2026-03-01T12:00:00Z"));
        // Before it refuses it must not be asked: it would give a ticket.
        timePasses.run();
        timePasses = () -> clock.advance(Duration.ofMinutes(2));
        tells(line.substring(line.indexOf(' ') + 1).replace("KDC:88", troubled.address()));
      }
    }
  }

  private static List<String> errors() throws IOException {
    try (var in = KerberosFaultsTest.class.getResourceAsStream("kdc-errors.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void aKeyThatIsChangedInTheKdcAlone() throws Exception {
    open(first);
    kdc.rotateKeys("web");
    degrades(
        "the KDC of FAULTS.EXAMPLE at "
            + first.address()
            + " says KRB_AP_ERR_BAD_INTEGRITY (31), 'PREAUTH_FAILED'. The"
            + " key of web@FAULTS.EXAMPLE in the keytab is not the KDC's: write a new keytab"
            + " (kadmin: ktadd -k).");
    kdc.keytab(keytab, "web");
    recovers();
  }

  @Test
  void aKeytabOfWhichTheLastByteIsNotWrittenYet() throws Exception {
    byte[] whole = Files.readAllBytes(keytab);
    open(first);
    Files.write(keytab, Arrays.copyOf(whole, whole.length - 1));
    web.becomesDue();
    assertThat(web.hears())
        .startsWith("The keytab " + keytab + " of web@FAULTS.EXAMPLE cannot be used: it is trunc");
    web.calls();
    Files.write(keytab, new byte[] {whole[whole.length - 1]}, StandardOpenOption.APPEND);
    clock.advance(PATIENCE);
    assertThat(web.hears()).isEqualTo("rotated to 2");
    web.isWell();
  }

  @Test
  void halfOfTheKdcsThatAreDown() throws Exception {
    open(first, second);
    first.die();
    web.becomesDue();
    assertThat(web.hears()).isEqualTo("rotated to 2");
    assertThat(web.identity().health().detail())
        .isEqualTo("keytab read; ticket until " + web.identity().current().expiresAt());
    web.calls();
  }

  @Test
  void allOfTheKdcsThatAreDownOfWhichHalfComeBack() throws Exception {
    kdcTimeout = IMPATIENCE;
    open(first, second);
    first.die();
    second.freeze();
    degrades(
        "no KDC of FAULTS.EXAMPLE answers: "
            + first.address()
            + " refused the connection; "
            + second.address()
            + " did not answer within 5 s. Check that a KDC runs there and listens on TCP, and the"
            + " network policies towards it.");
    second.heal();
    web.recoversAfter(PATIENCE);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, -3})
  void aClockThatIsThreeMinutesOffIsNoTrouble(long minutes) throws Exception {
    clock.advance(Duration.ofMinutes(minutes));
    open(first);
    TestClock right = TestClock.at(Instant.now().minus(Duration.ofHours(1)));
    Path keys = kdc.keytab(directory.resolve("stock.keytab"), "HTTP/stock.shop");
    try (var runtime = new BriskRuntime(right);
        var stock =
            KerberosIdentity.builder()
                .principal("HTTP/stock.shop@FAULTS.EXAMPLE")
                .keytab(keys)
                .clockSkew(Duration.ofMinutes(1))
                .acceptOnly()
                .open(runtime.runtime())) {
      right.set(Instant.now());
      clock.set(Instant.now().plus(Duration.ofMinutes(minutes)));
      var seen = stock.callers().verify(TestRealms.evidence(web.identity().credentialsFor(STOCK)));
      assertThat(seen.orElseThrow().principal()).hasToString("kerberos:web@FAULTS.EXAMPLE");
    }
    assertThat(web.identity().health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void aClockThatIsDaysOffIsToldWithTheOtherTime() {
    clock.advance(Duration.ofDays(-2));
    Instant there = Instant.parse("2026-03-01T12:00:00Z");
    first.refuse(37, there);
    assertThatThrownBy(() -> open(first))
        .isInstanceOfSatisfying(
            IdentityException.class, failed -> assertThat(failed.code()).isEqualTo(Code.REFUSED))
        .hasMessage(
            "The login of web@FAULTS.EXAMPLE failed: the KDC of FAULTS.EXAMPLE at "
                + first.address()
                + " says KRB_AP_ERR_SKEW (37), 'TROUBLE'. Its clock says 2026-03-01T12:00:00Z."
                + " Synchronise the clock of this host with the KDC's.");
  }

  @Test
  void aTicketThatEndsBeforeTheTroubleDoes() throws Exception {
    open(first);
    first.die();
    web.becomesDue();
    String failure =
        "The login of web@FAULTS.EXAMPLE failed: no KDC of FAULTS.EXAMPLE answers: "
            + first.address()
            + " refused the connection. Check that a KDC runs there and listens on TCP, and the"
            + " network policies towards it.";
    assertThat(web.hears()).isEqualTo(failure);
    clock.set(web.end());
    assertThatThrownBy(() -> web.identity().credentialsFor(STOCK))
        .isInstanceOfSatisfying(
            IdentityException.class, failed -> assertThat(failed.code()).isEqualTo(Code.EXPIRED))
        .hasMessageStartingWith(
            "The ticket of web@FAULTS.EXAMPLE expired at "
                + web.end()
                + " and could not be refreshed: ")
        .hasMessageEndingWith(failure);
    assertThat(web.hears()).isEqualTo(failure);
    assertThat(web.identity().health().status()).isEqualTo(Health.Status.DOWN);
    recovers();
  }

  private void open(TroubledKdc... kdcs) {
    String[] addresses = List.of(kdcs).stream().map(TroubledKdc::address).toArray(String[]::new);
    KerberosIdentity opened =
        KerberosIdentity.builder()
            .principal("web@FAULTS.EXAMPLE")
            .keytab(keytab)
            .config(
                KerberosConfig.builder()
                    .kdc("FAULTS.EXAMPLE", addresses)
                    .kdcTimeout(kdcTimeout)
                    .build())
            .open(brisk.runtime());
    web = WatchedIdentity.of(opened, clock, STOCK);
  }

  /** Lets the ticket be due. */
  private void degrades(String words) throws InterruptedException {
    web.becomesDue();
    tells(words);
  }

  private void tells(String words) throws InterruptedException {
    web.tells("The login of web@FAULTS.EXAMPLE failed: " + words);
  }

  private void recovers() throws Exception {
    first.heal();
    web.recoversAfter(PATIENCE);
  }
}
