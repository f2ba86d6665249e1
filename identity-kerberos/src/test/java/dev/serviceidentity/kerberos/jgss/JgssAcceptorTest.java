// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.TestRealms;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's acceptor, which the user may select, behind our reading of tokens. */
@ExtendWith(TestRealms.Shared.class)
class JgssAcceptorTest {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration HOUR = Duration.ofHours(1);

  private final KerberosIdentity orders;
  private final Path keytab;
  private final KeytabEntry key;

  JgssAcceptorTest(TestRealms realms, @TempDir Path directory) {
    String name = "HTTP/jgss-" + COUNT.incrementAndGet() + ".shop";
    this.keytab = realms.keytab(directory, name);
    this.orders = TestRealms.builder(name, keytab).acceptOnly().jgssAcceptor().open();
    this.key =
        new KeytabFile(keytab, PrincipalName.parse(name + "@SHOP.EXAMPLE"))
            .entries().stream().filter(entry -> entry.etype() == 18).findFirst().orElseThrow();
  }

  @AfterEach
  void close() {
    orders.close();
  }

  @Test
  void aGenuineTokenPasses() {
    var caller = verify(token().bytes()).orElseThrow();
    assertThat(caller.principal().toString()).isEqualTo("kerberos:alice@SHOP.EXAMPLE");
    assertThat(caller.expiresAt()).isBetween(Instant.now(), Instant.now().plus(HOUR));
  }

  @Test
  void aTicketPastItsEndAndTheSkewIsRefused() {
    assertThat(reason(token().valid(HOUR.negated(), Duration.ofMinutes(-6))))
        .isEqualTo(KerberosRejection.TICKET_EXPIRED);
  }

  @Test
  void aTicketThatEndedWithinTheSkewPassesAndSaysWhenItEnded() {
    var seen = verify(token().valid(HOUR.negated(), Duration.ofMinutes(-4)).bytes());
    assertThat(seen.orElseThrow().expiresAt()).isBefore(Instant.now());
  }

  @Test
  void aTicketOfTheFutureIsRefused() {
    assertThat(reason(token().valid(Duration.ofMinutes(6), HOUR)))
        .isEqualTo(KerberosRejection.TICKET_NOT_YET_VALID);
  }

  @Test
  void aTicketThatTheKdcMarkedInvalidIsRefused() {
    assertThat(reason(token().ticketFlags(1 << (31 - 7))))
        .isEqualTo(KerberosRejection.TICKET_NOT_YET_VALID);
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void anAuthenticatorOfAnotherTimeIsRefused(int minutes) {
    assertThat(reason(token().sent(Duration.ofMinutes(minutes))))
        .isEqualTo(KerberosRejection.CLOCK_SKEW);
  }

  @Test
  void aTicketOfSomebodyElseIsRefused() {
    assertThat(reason(token().sentBy("mallory"))).isEqualTo(KerberosRejection.CLIENT_MISMATCH);
  }

  @Test
  void aSlashInsideAComponentIsEscapedAndNotTwoComponents() {
    var one = verify(token().client("web/shop").bytes()).orElseThrow();
    var two = verify(token().client("web", "shop").bytes()).orElseThrow();
    assertThat(one.principal().name()).isEqualTo("web\\/shop");
    assertThat(two.principal().name()).isEqualTo("web/shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\u0000b", "a\u007fb"})
  void aNameThatCannotBeWrittenSafelyIsRefused(String component) {
    assertThat(reason(token().client("x", component)))
        .isEqualTo(KerberosRejection.UNSUPPORTED_NAME);
  }

  @Test
  void aNameOutsideAsciiIsRefusedAndNotReadAsAnotherName() {
    assertThat(reason(token().client("m\u00fcller"))).isEqualTo(KerberosRejection.UNSUPPORTED_NAME);
  }

  @Test
  void aNameThatWouldLookLikeAPathIsRefused() {
    assertThat(verify(token().client("", "ns", "shop", "sa", "web").bytes()))
        .isInstanceOf(Verification.Rejected.class);
  }

  @Test
  void aTicketOfARetiredTypeIsNamed() {
    var rejected = rejected(token().ticketType(23).bytes());
    assertThat(rejected.reason()).isEqualTo(KerberosRejection.WEAK_ENCRYPTION);
    assertThat(rejected.detail()).contains("hmac (23)");
  }

  @Test
  void aTicketOfATypeThatTheKeytabLacksIsNamed() {
    assertThat(reason(token().ticketType(20))).isEqualTo(KerberosRejection.NO_KEY);
    assertThat(reason(token().ticketType(26))).isEqualTo(KerberosRejection.UNSUPPORTED_ENCRYPTION);
  }

  @Test
  void aTicketOfAnotherVersionIsNamedWithAllVersions() {
    var rejected = rejected(token().kvno(4).bytes());
    assertThat(rejected.reason()).isEqualTo(KerberosRejection.KEYTAB_STALE);
    assertThat(rejected.detail()).contains("the ticket has kvno 4").contains("1 of aes256");
  }

  @Test
  void aCiphertextTooShortForAMacIsRefused() {
    assertThat(reason(token().sealedTicket(cipher -> new byte[27])))
        .isEqualTo(KerberosRejection.WRONG_KEY);
  }

  @Test
  void aTicketBoundToAnotherAddressIsRefused() throws UnknownHostException {
    InetAddress elsewhere = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
    assertThat(reason(token().from(elsewhere))).isEqualTo(KerberosRejection.WRONG_ADDRESS);
    var here =
        CallerEvidence.of(
                new InetSocketAddress(elsewhere, 40000),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080))
            .headers(headersOf(token().from(elsewhere).bytes()));
    assertThat(orders.callers().verify(here)).isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aClientOfAnotherRealmIsRefusedUnlessThatIsTrusted() {
    assertThat(reason(token().realm("EVIL.EXAMPLE").client("mallory")))
        .isEqualTo(KerberosRejection.REALM_NOT_TRUSTED);
    String name = key.principal().name();
    try (var trusting =
        TestRealms.builder(name, keytab)
            .acceptOnly()
            .jgssAcceptor()
            .trustRealms("PARTNER.EXAMPLE")
            .open()) {
      byte[] partner = token().realm("PARTNER.EXAMPLE").bytes();
      assertThat(
              trusting.callers().verify(TokenSurgery.evidence(partner)).orElseThrow().principal())
          .hasToString("kerberos:alice@PARTNER.EXAMPLE");
    }
  }

  @Test
  void anAnonymousTicketIsRefused() {
    assertThat(reason(token().client("WELLKNOWN", "ANONYMOUS")))
        .isEqualTo(KerberosRejection.ANONYMOUS);
  }

  @Test
  void userToUserIsRefusedAndUnknownOptionsAreIgnored() {
    assertThat(reason(token().options(0x60000000))).isEqualTo(KerberosRejection.USER_TO_USER);
    assertThat(verify(token().options(0x2000000f).bytes()))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void kerberosUnderTheOidOfWindows2000Passes() {
    assertThat(verify(Der.spnego(token().bytes(), Der.KRB5_OF_MICROSOFT, Der.NTLM)))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void aCallerWhoWantsNoProofGetsAnAnswerWithoutOne() {
    byte[] bare = token().notMutual().bytes();
    assertThat(verify(bare).reply()).isEmpty();
    byte[] spnego = Der.spnego(token().notMutual().bytes(), Der.KRB5);
    assertThat(verify(spnego).reply())
        .singleElement()
        .satisfies(
            field ->
                assertThat(field.value()).isEqualTo("Negotiate oRQwEqADCgEAoQsGCSqGSIb3EgECAg=="));
  }

  @Test
  void ofManyCopiesThatRaceOneIsAccepted() {
    CallerEvidence evidence = TokenSurgery.evidence(token().bytes());
    long accepted =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(copy -> orders.callers().verify(evidence))
            .filter(Verification.Verified.class::isInstance)
            .count();
    assertThat(accepted).isEqualTo(1);
  }

  @Test
  void noSingleFlippedBitOfATokenPassesExceptInWhatIsNotAuthenticated() {
    byte[] genuine = token().bytes();
    verify(genuine); // From now on the very same authenticator is a replay.
    for (int bit = 0; bit < genuine.length * 8; bit++) {
      byte[] changed = genuine.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(verify(changed)).as("bit %d", bit).isInstanceOf(Verification.Rejected.class);
    }
  }

  @Test
  void randomChangesOfATokenNeverThrowAndNeverPass() {
    long seed = System.nanoTime();
    System.out.println("seed of random token changes: " + seed);
    var random = new Random(seed);
    byte[] genuine = Der.spnego(token().bytes(), Der.KRB5);
    verify(genuine);
    for (int round = 0; round < 3000; round++) {
      byte[] changed = mutate(genuine, random);
      assertThat(verify(changed)).as("seed %d", seed).isInstanceOf(Verification.Rejected.class);
    }
  }

  private static byte[] mutate(byte[] genuine, Random random) {
    byte[] changed = genuine.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(changed, random.nextInt(changed.length + 20))
        : changed;
  }

  private ForgedToken token() {
    return new ForgedToken(key, Instant.now());
  }

  private Verification verify(byte[] token) {
    return orders.callers().verify(TokenSurgery.evidence(token));
  }

  private Verification.Rejected rejected(byte[] token) {
    Verification seen = verify(token);
    assertThat(seen).isInstanceOf(Verification.Rejected.class);
    return (Verification.Rejected) seen;
  }

  private Reason reason(ForgedToken token) {
    return rejected(token.bytes()).reason();
  }

  private static Map<String, List<String>> headersOf(byte[] token) {
    return Map.of("Authorization", TokenSurgery.evidence(token).header("Authorization"));
  }
}
