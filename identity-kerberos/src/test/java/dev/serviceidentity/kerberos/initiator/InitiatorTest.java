// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.acceptor.AcceptorSettings;
import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.token.OutgoingTicket;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.type.ap.ApOption;
import org.apache.kerby.kerberos.kerb.type.ap.ApReq;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our tokens before our acceptor, and read by another library. */
class InitiatorTest {
  private static final Target ORDERS = HeldTicket.ORDERS;
  private static final ChannelBinding HERE = binding("here");

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @ParameterizedTest
  @CsvSource({"17, 17", "18, 18", "19, 19", "20, 20", "18, 17", "17, 20", "20, 18"})
  void bothSidesProveThemselves(int ticket, int session) {
    Initiator alice = initiator(orders.token(ticket).session(session));
    RequestCredentials mine = alice.credentialsFor(ORDERS);
    Verification.Verified seen = orders.accepts(HeldTicket.token(mine));
    assertThat(seen.caller().principal().toString()).isEqualTo("kerberos:alice@SHOP.EXAMPLE");
    assertThat(mine.verifyReply(200, HeldTicket.fields(seen))).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void aTargetWithoutSpnegoGetsTheBareTokenAndAnswersWithOne() throws RefusedTokenException {
    RequestCredentials mine = initiator().credentialsFor(ORDERS.withoutSpnego());
    byte[] token = HeldTicket.token(mine);
    assertThat(NegotiateToken.read(token).offer()).isNull();
    Verification.Verified seen = orders.accepts(token);
    assertThat(mine.verifyReply(200, HeldTicket.fields(seen))).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void anotherLibraryReadsWhatIsWritten() throws KrbException, RefusedTokenException {
    ForgedToken forged = orders.token();
    byte[] token = HeldTicket.token(initiator(forged).credentialsFor(ORDERS));
    ApReq request = KrbCodec.decode(NegotiateToken.read(token).apRequest().copy(), ApReq.class);
    assertThat(request.getPvno()).isEqualTo(5);
    assertThat(request.getApOptions().isFlagSet(ApOption.MUTUAL_REQUIRED)).isTrue();
    assertThat(request.getTicket().getSname().getNameStrings())
        .containsExactly("HTTP", "orders.shop");
    var inside = authenticator(forged, token);
    assertThat(inside.getAuthenticatorVno()).isEqualTo(5);
    assertThat(inside.getCrealm()).isEqualTo("SHOP.EXAMPLE");
    assertThat(inside.getCname().getNameStrings()).containsExactly("alice");
    assertThat(inside.getCtime().getTime()).isEqualTo(OrdersService.NOON.getEpochSecond() * 1000);
    assertThat(inside.getCusec()).isEqualTo(123456);
    assertThat(inside.getCksum().getChecksum())
        .isEqualTo(ForgedToken.checksum(16, new byte[16], 2 | 4 | 8 | 32));
    assertThat(inside.getSeqNumber()).isBetween(0, 0x3fffffff);
  }

  @Test
  void tokensOfOneInstantDifferInTimeSubkeyAndSequenceNumber() throws Exception {
    ForgedToken forged = orders.token();
    Initiator alice = initiator(forged);
    var times = new HashSet<Integer>();
    var subkeys = new HashSet<String>();
    var numbers = new HashSet<Integer>();
    for (int i = 0; i < 200; i++) {
      byte[] token = HeldTicket.token(alice.credentialsFor(ORDERS));
      orders.accepts(token);
      var inside = authenticator(forged, token);
      times.add(inside.getCusec());
      subkeys.add(Base64.getEncoder().encodeToString(inside.getSubKey().getKeyData()));
      numbers.add(inside.getSeqNumber());
    }
    assertThat(times).hasSize(200).contains(123456, 123655);
    assertThat(subkeys).hasSize(200);
    assertThat(numbers).hasSizeGreaterThan(198);
  }

  @Test
  void tokensOfManyThreadsAtOneInstantHaveTimesOfTheirOwn() {
    var times = new RequestTimes(orders.clock());
    List<Long> taken =
        IntStream.range(0, 20_000)
            .parallel()
            .mapToObj(i -> times.next(Duration.ZERO))
            .collect(Collectors.toList());
    assertThat(new HashSet<>(taken)).hasSize(20_000);
  }

  @Test
  void aClockThatIsSetBackIsFollowed() {
    var times = new RequestTimes(orders.clock());
    long before = times.next(Duration.ZERO);
    orders.clock().set(OrdersService.NOON.minusMillis(900));
    assertThat(times.next(Duration.ZERO)).isEqualTo(before + 1);
    orders.clock().set(OrdersService.NOON.minusSeconds(60));
    assertThat(times.next(Duration.ZERO)).isEqualTo(before - 60_000_000);
  }

  @ParameterizedTest
  @CsvSource({"PT10M", "PT-10M", "PT0.000001S", "PT-0.000001S"})
  void theTimeOfATokenIsThatOfTheKdc(Duration offset) {
    Instant kdc = OrdersService.NOON.plus(offset);
    assertThat(new RequestTimes(orders.clock()).next(offset))
        .isEqualTo(kdc.getEpochSecond() * 1_000_000 + kdc.getNano() / 1000);
    ForgedToken forged = orders.token();
    Initiator alice = HeldTicket.initiator(forged.held(), orders.clock(), offset);
    RequestCredentials mine = alice.credentialsFor(ORDERS);
    orders.clock().set(kdc);
    Verification.Verified seen = orders.accepts(HeldTicket.token(mine));
    assertThat(mine.verifyReply(200, HeldTicket.fields(seen))).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void withoutTheOffsetSuchAServiceRefuses() {
    Initiator alice = initiator();
    byte[] token = HeldTicket.token(alice.credentialsFor(ORDERS));
    orders.clock().set(OrdersService.NOON.plus(Duration.ofMinutes(10)));
    orders.refuses(token, KerberosRejection.CLOCK_SKEW, "600 s behind ours");
  }

  @Test
  void aTokenIsBoundToTheConnectionThatTheTargetNames() {
    orders = demandingBindings(directory.resolve("."));
    byte[] bound = HeldTicket.token(initiator().credentialsFor(ORDERS.channelBinding(HERE)));
    assertThat(orders.verify(over(bound, HERE))).isInstanceOf(Verification.Verified.class);
    byte[] other = HeldTicket.token(initiator().credentialsFor(ORDERS.channelBinding(HERE)));
    assertThat(reason(over(other, binding("elsewhere"))))
        .isEqualTo(KerberosRejection.CHANNEL_BINDING_MISMATCH);
  }

  @Test
  void aTokenForATargetThatNamesNoConnectionIsBoundToNone() {
    byte[] unbound = HeldTicket.token(initiator().credentialsFor(ORDERS));
    assertThat(orders.verify(over(unbound, HERE))).isInstanceOf(Verification.Verified.class);
    orders = demandingBindings(directory.resolve("."));
    byte[] refused = HeldTicket.token(initiator().credentialsFor(ORDERS));
    assertThat(reason(over(refused, HERE))).isEqualTo(KerberosRejection.CHANNEL_BINDING_MISSING);
  }

  @Test
  void aTargetWhoseNameIsNoPrincipalIsAMistakeOfTheUser() {
    assertThatThrownBy(() -> initiator().credentialsFor(ORDERS.servicePrincipal("a//b")))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("name one with Target.servicePrincipal(...)");
  }

  @Test
  void theServicesPrincipalCanBeNamedWithOrWithoutItsRealm() {
    Target anywhere = Target.of(URI.create("http://127.0.0.1"));
    for (String name : List.of("HTTP/orders.shop", "HTTP/orders.shop@SHOP.EXAMPLE")) {
      RequestCredentials mine = initiator().credentialsFor(anywhere.servicePrincipal(name));
      orders.accepts(HeldTicket.token(mine));
    }
  }

  @Test
  void nothingOfItShowsASecret() {
    ForgedToken forged = orders.token();
    RequestCredentials mine = initiator(forged).credentialsFor(ORDERS);
    assertThat(mine.toString()).matches("RequestCredentials\\[Authorization: <\\d+ characters>]");
    assertThat(OutgoingTicket.of(forged.held()).toString())
        .startsWith("OutgoingTicket[alice@SHOP.EXAMPLE for HTTP/orders.shop@SHOP.EXAMPLE until");
  }

  private Initiator initiator() {
    return initiator(orders.token());
  }

  private Initiator initiator(ForgedToken forged) {
    return HeldTicket.initiator(forged.held(), orders.clock());
  }

  private KerberosRejection reason(CallerEvidence evidence) {
    return (KerberosRejection) ((Verification.Rejected) orders.verify(evidence)).reason();
  }

  private static OrdersService demandingBindings(Path directory) {
    return new OrdersService(
        directory, AcceptorSettings.USUAL.channelBindings(ChannelBindingPolicy.REQUIRE));
  }

  private static CallerEvidence over(byte[] token, ChannelBinding connection) {
    return TokenSurgery.evidence(token).channelBindings(List.of(connection));
  }

  private static ChannelBinding binding(String where) {
    return ChannelBinding.of(("tls-server-end-point:" + where).getBytes(StandardCharsets.US_ASCII));
  }

  private static org.apache.kerby.kerberos.kerb.type.ap.Authenticator authenticator(
      ForgedToken forged, byte[] token) throws KrbException, RefusedTokenException {
    Octets sealed = ApRequest.read(NegotiateToken.read(token).apRequest()).authenticator().cipher();
    byte[] plain =
        forged
            .session()
            .open(KeyUsage.AUTHENTICATOR, sealed.array(), sealed.offset(), sealed.length())
            .orElseThrow();
    return KrbCodec.decode(plain, org.apache.kerby.kerberos.kerb.type.ap.Authenticator.class);
  }
}
