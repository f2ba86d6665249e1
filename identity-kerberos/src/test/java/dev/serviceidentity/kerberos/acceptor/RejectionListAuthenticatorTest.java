// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.kerberos.token.ForgedMessage.authorizationData;
import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static dev.serviceidentity.kerberos.token.ForgedMessage.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The list of what the acceptor must reject, and must not: what an authenticator may say. With a
 * ticket that is new to the acceptor, and with one that it knows.
 */
@ParameterizedClass(name = "with a known ticket: {0}")
@ValueSource(booleans = {false, true})
class RejectionListAuthenticatorTest {
  private static final ChannelBinding OURS =
      ChannelBinding.of("tls-server-end-point:ours".getBytes(StandardCharsets.US_ASCII));
  private static final ChannelBinding OTHER =
      ChannelBinding.of("tls-server-end-point:other".getBytes(StandardCharsets.US_ASCII));

  private static final String[] ALICE = {"alice"};

  @Parameter boolean known;
  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  /** RFC 4120 section 5.5.1. */
  @Test
  void authenticatorVnoOtherThan5() {
    var token = token();
    token.authenticator.set(0, integer(4));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "authenticator-vno");
  }

  /** RFC 4120 section 7.5.1. */
  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void anAuthenticatorEncryptedForAnotherUsage(int etype) {
    orders.refuses(
        token(orders, orders.token().session(etype)).authenticatorUsage(KeyUsage.AP_REP_ENCPART),
        KerberosRejection.TAMPERED,
        "does not open the authenticator");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void oneBitOffInTheMacOfTheAuthenticator(int etype) {
    ForgedToken token = token(orders, orders.token().session(etype));
    for (int octet : new int[] {1, KeyType.of(etype).orElseThrow().macLength()}) {
      token.sealedAuthenticator(
          cipher -> {
            cipher[cipher.length - octet] ^= 1;
            return cipher;
          });
      orders.refuses(token, KerberosRejection.TAMPERED, "does not open the authenticator");
    }
  }

  @Test
  void aClockTenMinutesOffAndNotOneWithinTheSkew() {
    orders.refuses(
        token().sent(Duration.ofMinutes(-10)),
        KerberosRejection.CLOCK_SKEW,
        "600 s behind ours",
        "may differ by 300 s");
    orders.refuses(
        token().sent(Duration.ofMinutes(10)), KerberosRejection.CLOCK_SKEW, "600 s ahead of ours");
    orders.accepts(token().sent(Duration.ofSeconds(-299)));
    orders.accepts(token().sent(Duration.ofSeconds(299)));
  }

  /** RFC 4120 section 5.2.4. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, -1})
  void cusecOutsideOfASecond(long cusec) {
    var token = token();
    token.authenticator.set(4, integer(cusec));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "cusec is " + cusec);
  }

  @Test
  void aCnameThatIsNotTheTickets() {
    orders.refuses(
        token().sentBy("mallory"),
        KerberosRejection.CLIENT_MISMATCH,
        "belongs to kerberos:alice@SHOP.EXAMPLE, and the authenticator names"
            + " 'mallory@SHOP.EXAMPLE'");
    orders.refuses(token("a", "b").sentBy("a/b"), KerberosRejection.CLIENT_MISMATCH);
    orders.refuses(token("a/b").sentBy("a", "b"), KerberosRejection.CLIENT_MISMATCH);
  }

  @Test
  void aCrealmThatIsNotTheTickets() {
    var token = token();
    token.authenticator.set(1, text("OTHER.EXAMPLE"));
    orders.refuses(token, KerberosRejection.CLIENT_MISMATCH, "'alice@OTHER.EXAMPLE'");
  }

  @Test
  void userToUserAndNotOptionsThatAreUnknown() {
    orders.refuses(token().options(0x60000000), KerberosRejection.USER_TO_USER);
    orders.accepts(token().options(0xa0000000 | 0x1fffffff));
  }

  @Test
  void anOptionThatContradictsWhatIsAuthenticated() {
    orders.refuses(token().options(0), KerberosRejection.TAMPERED, "mutual");
    orders.refuses(token().notMutual().options(ForgedToken.MUTUAL), KerberosRejection.TAMPERED);
    orders.accepts(token().notMutual());
  }

  /** RFC 4121 section 4.1.1. */
  @Test
  void aChecksumThatIsMissing() {
    var token = token();
    token.authenticator.without(3);
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "checksum is missing");
  }

  @Test
  void aChecksumOfAnotherType() {
    orders.refuses(
        token().checksum(16, new byte[24]), KerberosRejection.MALFORMED_TOKEN, "cksumtype is 16");
  }

  @Test
  void aChecksumShorterThan24() {
    byte[] whole = ForgedToken.checksum(16, new byte[16], 2);
    orders.refuses(
        token().checksum(Arrays.copyOf(whole, 23)), KerberosRejection.MALFORMED_TOKEN, "23 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17, 0x10000010})
  void bindingsOfAnotherLength(int length) {
    orders.refuses(
        token().checksum(ForgedToken.checksum(length, new byte[16], 2)),
        KerberosRejection.MALFORMED_TOKEN,
        "Lgth");
  }

  @Test
  void theFlagForDelegationWithoutData() {
    byte[] none = ForgedToken.checksum(16, new byte[16], 3);
    orders.refuses(token().checksum(none), KerberosRejection.MALFORMED_TOKEN, "delegated");
    byte[] cutOff = Der.join(none, Der.bytes("0100 0500 01020304"));
    orders.refuses(token().checksum(cutOff), KerberosRejection.MALFORMED_TOKEN);
    orders.accepts(token().checksum(Der.join(none, Der.bytes("0100 0400 01020304"))));
  }

  @Test
  void bytesBehindTheFlagsAreExtensionsAndPass() {
    byte[] more = Der.join(ForgedToken.checksum(16, new byte[16], 2), Der.bytes("00000001 0000"));
    orders.accepts(token().checksum(more));
  }

  @Test
  void dceStyleWhichTakesAThirdToken() {
    orders.refuses(
        token().checksum(ForgedToken.checksum(16, new byte[16], 0x1002)),
        KerberosRejection.CONTINUATION_UNSUPPORTED);
  }

  @Test
  void channelBindingsThatArePresentAndNotRequiredPass() {
    assertThat(judge(ChannelBindingPolicy.OFF, OTHER, List.of(OURS))).isNull();
    assertThat(judge(ChannelBindingPolicy.IF_PRESENT, OURS, List.of())).isNull();
    assertThat(judge(ChannelBindingPolicy.IF_PRESENT, OURS, List.of(OTHER, OURS))).isNull();
    assertThat(judge(ChannelBindingPolicy.IF_PRESENT, null, List.of(OURS))).isNull();
    assertThat(judge(ChannelBindingPolicy.REQUIRE, OURS, List.of(OURS))).isNull();
  }

  @Test
  void channelBindingsThatAreAbsentAndRequired() {
    assertThat(judge(ChannelBindingPolicy.REQUIRE, null, List.of(OURS)))
        .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISSING);
    assertThat(judge(ChannelBindingPolicy.REQUIRE, OURS, List.of()))
        .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISSING);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChannelBindingPolicy.class,
      names = {"IF_PRESENT", "REQUIRE"})
  void channelBindingsOfAnotherCertificate(ChannelBindingPolicy policy) {
    assertThat(judge(policy, OTHER, List.of(OURS)))
        .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISMATCH);
  }

  @Test
  void anAuthenticatorOfAnotherTypeThanTheSessionKey() {
    for (int etype : new int[] {17, 20, 999}) {
      orders.refuses(
          token().authenticatorType(etype), KerberosRejection.TAMPERED, "another encryption type");
    }
  }

  @Test
  void criticalAuthorizationDataThatIsUnknownAndNotWhatIsIrrelevant() {
    var token = token();
    token.authenticator.set(8, authorizationData(4, new byte[1]));
    orders.refuses(token, KerberosRejection.CRITICAL_AUTHORIZATION_DATA, "type 4");
    token = token();
    token.authenticator.set(8, authorizationData(1, authorizationData(129, new byte[1])));
    orders.accepts(token);
  }

  @Test
  void aSubkeyOfARetiredType() {
    var token = token();
    token.authenticator.set(6, ForgedMessage.key(23, new byte[16]));
    orders.refuses(token, KerberosRejection.WEAK_ENCRYPTION, "subkey", "arcfour-hmac (23)");
  }

  @ParameterizedTest
  @CsvSource({"17, 28", "18, 28", "19, 32", "20, 40"})
  void aCipherShorterThanAConfounderAndAMac(int etype, int shortest) {
    ForgedToken token = token(orders, orders.token().session(etype));
    for (int length = 0; length <= shortest; length++) {
      byte[] cipher = new byte[length];
      orders.refuses(
          token.sealedAuthenticator(old -> cipher),
          KerberosRejection.TAMPERED,
          "does not open the authenticator");
    }
  }

  /** The shortest that can be sealed: the confounder alone, with a MAC that is right. */
  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void aCipherOfExactlyOneBlock(int etype) {
    ForgedToken token = token(orders, orders.token().session(etype));
    orders.refuses(
        token.plainAuthenticator(plain -> new byte[0]),
        KerberosRejection.MALFORMED_TOKEN,
        "the opened authenticator is missing");
  }

  private ForgedToken token(String... client) {
    return token(orders, orders.token().client(client.length == 0 ? ALICE : client));
  }

  /** Where the acceptor shall know the ticket, it has accepted one token with it before. */
  private ForgedToken token(OrdersService service, ForgedToken token) {
    if (known) {
      token.sealed();
      byte[] ticket = token.ticketCipher();
      service.accepts(token.sealedTicket(cipher -> ticket));
    }
    return token;
  }

  /** Both ways to write that no address is bound; null if it passes. */
  private KerberosRejection judge(
      ChannelBindingPolicy policy, ChannelBinding theirs, List<ChannelBinding> ours) {
    var strict = new OrdersService(directory, AcceptorSettings.USUAL.channelBindings(policy));
    var outcomes = new HashSet<KerberosRejection>();
    byte[] ticket = ticketKnownTo(strict);
    for (int addressType : new int[] {0, 255}) {
      ForgedToken token = strict.token();
      if (theirs != null) {
        token.bindings(hash(addressType, theirs.applicationData()));
      }
      if (known) {
        token.sealedTicket(cipher -> ticket);
      }
      CallerEvidence evidence = TokenSurgery.evidence(token.bytes()).channelBindings(ours);
      Verification seen = strict.verify(evidence);
      outcomes.add(
          seen instanceof Verification.Rejected refused
              ? (KerberosRejection) refused.reason()
              : null);
      strict.clock().advance(Duration.ofSeconds(1));
    }
    assertThat(outcomes).hasSize(1);
    return outcomes.iterator().next();
  }

  /** A ticket that a service accepts with whatever bindings it demands. */
  private static byte[] ticketKnownTo(OrdersService service) {
    ForgedToken token = service.token().bindings(hash(0, OURS.applicationData()));
    CallerEvidence evidence = TokenSurgery.evidence(token.bytes()).channelBindings(List.of(OURS));
    assertThat(service.verify(evidence)).isInstanceOf(Verification.Verified.class);
    return token.ticketCipher();
  }

  private static byte[] hash(int addressType, byte[] data) {
    try {
      return MessageDigest.getInstance("MD5")
          .digest(
              ByteBuffer.allocate(20 + data.length)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putInt(addressType)
                  .putInt(0)
                  .putInt(addressType)
                  .putInt(0)
                  .putInt(data.length)
                  .put(data)
                  .array());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
