// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static dev.serviceidentity.kerberos.token.ForgedMessage.key;
import static dev.serviceidentity.kerberos.token.ForgedMessage.name;
import static dev.serviceidentity.kerberos.token.ForgedMessage.text;
import static dev.serviceidentity.kerberos.token.ForgedMessage.time;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.kerberos.initiator.Initiator;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proves a service that answers, and what does not. */
class ApReplyProofTest {
  private static final long NOON_MICROS = OrdersService.NOON.getEpochSecond() * 1_000_000 + 123456;
  private static final byte[] OFFERED = Der.tlv(0x30, Der.KRB5);

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void noSingleFlippedBitOfAnAnswerPasses(int etype) {
    OpenRequest request = request(TokenForm.SPNEGO, etype);
    byte[] genuine = HeldTicket.answer(orders.accepts(request.token()));
    accepted(request, genuine);
    everyFlippedBitFails(request, genuine);
  }

  @Test
  void noSingleFlippedBitOfABareAnswerOrOneWithAMicPasses() {
    OpenRequest bare = request(TokenForm.BARE, 18);
    accepted(bare, bare.answer());
    everyFlippedBitFails(bare, bare.answer());
    OpenRequest request = request();
    byte[] withMic = OpenRequest.spnego(0, request.answer(), mic(request, true));
    accepted(request, withMic);
    everyFlippedBitFails(request, withMic);
  }

  @Test
  void randomChangesOfAnAnswerAreRefusedAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of random answers: " + seed);
    var random = new Random(seed);
    OpenRequest request = request();
    byte[] genuine = OpenRequest.spnego(0, request.answer(), mic(request, true));
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = changed(genuine, random);
      if (!Arrays.equals(changed, genuine)) {
        assertThatThrownBy(() -> request.judge(changed))
            .as("seed %d", seed)
            .isInstanceOf(RefusedTokenException.class);
      }
    }
  }

  @Test
  void randomContentsOfAnAnswerThatTheServiceSealedNeverThrowAnythingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of random opened answers: " + seed);
    var random = new Random(seed);
    OpenRequest request = request();
    byte[] genuine = Der.tlv(0x7b, request.contents.der());
    for (int round = 0; round < 20_000; round++) {
      try {
        ApReplyContents.read(changed(genuine, random), request.subkey());
      } catch (RefusedTokenException refused) {
        assertThat(refused.detail()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  @Test
  void whoHasAnotherKeyProvesNothing() {
    OpenRequest request = request();
    byte[] forged = request.answerOf(ForgedMic.key(18, new byte[32]), KeyUsage.AP_REPLY);
    refused(request, forged, "the session key does not open its AP-REP");
    refused(request, request.answer(KeyUsage.AUTHENTICATOR), "does not open its AP-REP");
    byte[] otherType = request.answerOf(ForgedMic.key(20, new byte[32]), KeyUsage.AP_REPLY);
    refused(request, otherType, "another encryption type than that of the session key");
  }

  @Test
  void theAnswerToAnotherRequestWithTheSameTicketProvesNothing() {
    OpenRequest earlier = request(TokenForm.SPNEGO, 18);
    byte[] replayed = HeldTicket.answer(orders.accepts(earlier.token()));
    OpenRequest request = new OpenRequest(TokenForm.SPNEGO, orders.token(), NOON_MICROS + 1);
    assertThatThrownBy(() -> request.judge(replayed))
        .hasMessageContaining("answers another request with the same ticket");
  }

  @Test
  void anotherSecondOrMicrosecondProvesNothing() {
    OpenRequest request = request();
    request.contents.set(0, time("20260301120001Z"));
    refused(request, request.answer(), "answers another request");
    request.contents.set(0, time("20260301120000Z")).set(1, integer(123457));
    refused(request, request.answer(), "answers another request");
    request.contents.set(1, integer(123456));
    accepted(request, OpenRequest.spnego(0, request.answer(), null));
  }

  @Test
  void subkeyAndSequenceNumberMayBeLeftOut() {
    OpenRequest request = request();
    request.contents.without(2).without(3);
    accepted(request, OpenRequest.spnego(0, request.answer(), null));
  }

  @Test
  void aSubkeyThatIsWeakOrOfTheWrongLengthIsRefused() {
    OpenRequest request = request();
    request.contents.set(2, key(23, new byte[16]));
    refused(request, request.answer(), "the service's subkey is of arcfour-hmac (23)");
    request.contents.set(2, key(18, new byte[31]));
    refused(request, request.answer(), "the service's subkey has 31 bytes");
  }

  @Test
  void anotherVersionOrMessageTypeIsRefused() {
    OpenRequest request = request();
    request.reply.set(0, integer(4));
    refused(request, request.answer(), "not of version 5 and message type 15");
    request.reply.set(0, integer(5)).set(1, integer(14));
    refused(request, request.answer(), "not of version 5 and message type 15");
  }

  @Test
  void bytesAfterAnyPartAreRefused() {
    OpenRequest request = request();
    byte[] one = new byte[1];
    refused(request, Der.join(request.answer(), one), "1 bytes too many in or after");
    byte[] longer = Der.join(Der.tlv(0x7b, request.contents.der()), one);
    assertThatThrownBy(() -> ApReplyContents.read(longer, request.subkey()))
        .hasMessageContaining("1 bytes too many in or after the opened AP-REP");
    byte[] spnego = Der.join(OpenRequest.spnego(0, request.answer(), null), one);
    assertThatThrownBy(() -> request.judge(spnego)).hasMessageContaining("1 bytes too many");
    byte[] message = Der.join(Der.tlv(0x6f, request.reply.der()), one);
    refused(request, OpenRequest.framed("0200", message), "1 bytes too many in or after AP-REP");
  }

  @Test
  void theMicOfTheOfferMustBeMadeWithTheKeyOfTheServiceOrElseWithOurs() {
    OpenRequest request = request();
    accepted(request, OpenRequest.spnego(0, request.answer(), mic(request, true)));
    byte[] wrong = OpenRequest.spnego(0, request.answer(), mic(request, false));
    assertThatThrownBy(() -> request.judge(wrong)).hasMessageContaining("mechListMIC");
    request.contents.without(2);
    accepted(request, OpenRequest.spnego(0, request.answer(), mic(request, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, says accept-completed and brings no token",
    "1, accept-incomplete",
    "2, rejects the negotiation",
    "3, request-mic",
    "4, unknown negState 4"
  })
  void everyStateWithoutAProofHasWordsOfItsOwn(int state, String words) {
    byte[] answer = OpenRequest.spnego(state, null, null);
    assertThatThrownBy(() -> request().judge(answer)).hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aGenuineProofInAnUnfinishedNegotiationIsRefused(int state) {
    OpenRequest request = request();
    byte[] answer = OpenRequest.spnego(state, request.answer(), null);
    assertThatThrownBy(() -> request.judge(answer)).isInstanceOf(RefusedTokenException.class);
  }

  @ParameterizedTest
  @EnumSource(TokenForm.class)
  void anAnswerInTheOtherFrameIsRefused(TokenForm form) {
    OpenRequest request = request(form, 18);
    byte[] bare = request.answer();
    byte[] other = form == TokenForm.BARE ? OpenRequest.spnego(0, bare, null) : bare;
    assertThatThrownBy(() -> request.judge(other)).isInstanceOf(RefusedTokenException.class);
  }

  @Test
  void ourOwnTokenSentBackProvesNothing() throws RefusedTokenException {
    OpenRequest request = request();
    byte[] mine = NegotiateToken.read(request.token()).mechToken().copy();
    refused(request, mine, "does not hold an AP-REP (TOK_ID 02 00)");
  }

  @Test
  void anErrorOfTheServiceIsToldByItsName() {
    OpenRequest request = request();
    byte[] skew = OpenRequest.framed("0300", Der.tlv(0x7e, error(37).der()));
    byte[] rejected = OpenRequest.spnego(2, skew, null);
    assertThatThrownBy(() -> request.judge(rejected))
        .hasMessageContaining("KRB_AP_ERR_SKEW (37)")
        .hasMessageContaining("its clock says 2026-03-01T12:10:00Z");
    byte[] said = Der.tlv(0x7e, error(60).set(11, text("no\nway")).der());
    OpenRequest bare = request(TokenForm.BARE, 18);
    assertThatThrownBy(() -> bare.judge(OpenRequest.framed("0300", said)))
        .hasMessageContaining("KRB_ERR_GENERIC (60), ")
        .hasMessageContaining("way")
        .hasMessageNotContaining("\n");
    byte[] cut = Arrays.copyOf(skew, skew.length - 1);
    refused(request, cut, "longer than what encloses it");
  }

  @Test
  void anAnswerIsJudgedOnceAndSaysWhoIsNotProven() {
    Initiator alice = HeldTicket.initiator(orders.token().held(), orders.clock());
    RequestCredentials mine = alice.credentialsFor(HeldTicket.ORDERS);
    var fields = HeldTicket.fields(orders.accepts(HeldTicket.token(mine)));
    assertThat(mine.verifyReply(200, fields)).isInstanceOf(Reply.Complete.class);
    assertThat(mine.verifyReply(200, fields))
        .isEqualTo(
            new Reply.Failed(
                "What answered is not proven to be HTTP/orders.shop@SHOP.EXAMPLE: an answer to this"
                    + " token has been judged before"));
  }

  @Test
  void anAnswerWithoutATokenIsNoProofAndOneThatIsNoTokenFails() {
    Initiator alice = HeldTicket.initiator(orders.token().held(), orders.clock());
    assertThat(alice.credentialsFor(HeldTicket.ORDERS).verifyReply(200, Map.of()))
        .isInstanceOf(Reply.Unauthenticated.class);
    for (String value : List.of("Negotiate %%%", "Negotiate AAAA", "negotiate oQcwBaADCgEA")) {
      RequestCredentials mine = alice.credentialsFor(HeldTicket.ORDERS);
      assertThat(mine.verifyReply(200, Map.of("www-authenticate", List.of(value))))
          .isInstanceOf(Reply.Failed.class);
    }
  }

  private static void everyFlippedBitFails(OpenRequest request, byte[] genuine) {
    for (int bit = 0; bit < genuine.length * 8; bit++) {
      byte[] changed = genuine.clone();
      changed[bit / 8] ^= (byte) (0x80 >>> (bit % 8));
      assertThatThrownBy(() -> request.judge(changed))
          .as("bit %d", bit)
          .isInstanceOf(RefusedTokenException.class);
    }
  }

  private static byte[] changed(byte[] genuine, Random random) {
    byte[] changed = genuine.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(changed, random.nextInt(changed.length + 20))
        : changed;
  }

  private static byte[] mic(OpenRequest request, boolean asserted) {
    return asserted
        ? ForgedMic.ofAcceptor(request.acceptorSubkey(), true, 77, OFFERED)
        : ForgedMic.ofAcceptor(request.subkey(), false, 77, OFFERED);
  }

  private static ForgedMessage error(int code) {
    return new ForgedMessage()
        .set(0, integer(5))
        .set(1, integer(30))
        .set(4, time("20260301121000Z"))
        .set(5, integer(0))
        .set(6, integer(code))
        .set(9, text("SHOP.EXAMPLE"))
        .set(10, name("HTTP", "orders.shop"));
  }

  private OpenRequest request() {
    return request(TokenForm.SPNEGO, 18);
  }

  private OpenRequest request(TokenForm form, int etype) {
    return new OpenRequest(form, orders.token(etype).session(etype), NOON_MICROS);
  }

  private static void accepted(OpenRequest request, byte[] answer) {
    assertThatCode(() -> request.judge(answer)).doesNotThrowAnyException();
  }

  /** The token in the frame of a completed negotiation. */
  private static void refused(OpenRequest request, byte[] token, String words) {
    assertThatThrownBy(() -> request.judge(OpenRequest.spnego(0, token, null)))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining(words);
  }
}
