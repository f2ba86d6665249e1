// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMessage;
import dev.serviceidentity.kerberos.token.ForgedMic;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.kerberos.token.TokenSurgery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of what the acceptor must reject, and must not: SPNEGO, the GSS-API's frame, DER. */
class RejectionListFramingTest {
  private static final byte[] NTLM_TOKEN =
      "NTLMSSP\0\1\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @Test
  void trailingBytesAfterTheApReqOrTheOuterTlv() {
    byte[] more = new byte[1];
    orders.refuses(
        orders.token().wholeRequest(request -> Der.join(request, more)),
        KerberosRejection.MALFORMED_TOKEN);
    orders.refuses(Der.join(orders.token().bytes(), more), KerberosRejection.MALFORMED_TOKEN);
    byte[] spnego = Der.spnego(orders.token().bytes(), Der.KRB5);
    orders.refuses(Der.join(spnego, more), KerberosRejection.MALFORMED_TOKEN);
  }

  /** RFC 4178. */
  @Test
  void spnegoWithoutMechToken() {
    orders.refuses(Der.spnego(null, Der.KRB5), KerberosRejection.CONTINUATION_UNSUPPORTED);
  }

  @Test
  void ntlmFirstWithAnOptimisticNtlmToken() {
    orders.refuses(
        Der.spnego(NTLM_TOKEN, Der.NTLM, Der.KRB5), KerberosRejection.CONTINUATION_UNSUPPORTED);
  }

  @Test
  void rawNtlm() {
    orders.refuses(NTLM_TOKEN, KerberosRejection.NOT_KERBEROS);
  }

  @Test
  void aNegTokenRespFirst() {
    orders.refuses(
        Der.tlv(0xa1, Der.tlv(0x30, new byte[0])), KerberosRejection.CONTINUATION_UNSUPPORTED);
  }

  @Test
  void aWrongMechListMicAndNotARightOne() {
    ForgedToken token = orders.token();
    byte[] list = Der.tlv(0x30, Der.KRB5, Der.NTLM);
    byte[] mic = ForgedMic.ofInitiator(token.session(), 1, list);
    orders.accepts(Der.spnegoWithMic(token.bytes(), list, mic));
    byte[] reordered = Der.tlv(0x30, Der.KRB5, Der.KRB5, Der.NTLM);
    orders.refuses(
        Der.spnegoWithMic(token.bytes(), reordered, mic),
        KerberosRejection.TAMPERED,
        "mechListMIC");
    mic[mic.length - 1] ^= 1;
    orders.refuses(Der.spnegoWithMic(token.bytes(), list, mic), KerberosRejection.TAMPERED);
    orders.refuses(Der.spnegoWithMic(token.bytes(), list, new byte[0]), KerberosRejection.TAMPERED);
  }

  @Test
  void theMechListMicIsMadeWithTheSubkeyOfTheClientIfItHasOne() {
    ForgedToken token = orders.token();
    byte[] subkey = ForgedToken.filled(32, 9);
    token.authenticator.set(6, ForgedMessage.key(18, subkey));
    byte[] list = Der.tlv(0x30, Der.KRB5);
    byte[] bySession = ForgedMic.ofInitiator(token.session(), 1, list);
    orders.refuses(Der.spnegoWithMic(token.bytes(), list, bySession), KerberosRejection.TAMPERED);
    byte[] bySubkey = ForgedMic.ofInitiator(ForgedMic.key(18, subkey), 1, list);
    orders.accepts(Der.spnegoWithMic(token.bytes(), list, bySubkey));
  }

  @Test
  void theOidOfMicrosoftInTheListPassesAndInsideItDoesNot() {
    orders.accepts(Der.spnego(orders.token().bytes(), Der.KRB5_OF_MICROSOFT, Der.KRB5));
    byte[] inside = orders.token().mechanism(Der.KRB5_OF_MICROSOFT).bytes();
    orders.refuses(Der.spnego(inside, Der.KRB5), KerberosRejection.NOT_KERBEROS);
  }

  @Test
  void aWrongInnerOid() {
    orders.refuses(
        Der.spnego(orders.token().mechanism(Der.NTLM).bytes(), Der.KRB5),
        KerberosRejection.NOT_KERBEROS,
        "NTLM");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void anotherTokId(int first) {
    orders.refuses(orders.token().tokenId(first, 0), KerberosRejection.MALFORMED_TOKEN, "TOK_ID");
  }

  @Test
  void anIndefiniteLength() {
    refusesRequest(bytes -> Der.join(new byte[] {0x6e, (byte) 0x80}, from(bytes, 4), new byte[2]));
  }

  @Test
  void aLengthThatIsNotMinimal() {
    refusesRequest(
        bytes -> Der.join(new byte[] {0x6e, (byte) 0x83, 0, bytes[2], bytes[3]}, from(bytes, 4)));
  }

  @Test
  void aLengthPastTheEnd() {
    refusesRequest(
        bytes -> {
          bytes[3]++;
          return bytes;
        });
  }

  @Test
  void aLengthOf7fffffff() {
    refusesRequest(bytes -> Der.join(Der.bytes("6e84 7fffffff"), from(bytes, 4)));
  }

  @Test
  void aNestingBomb() {
    byte[] bomb = new byte[0];
    for (int depth = 0; depth < 10_000; depth++) {
      bomb = Der.tlv(0x6e, bomb);
    }
    byte[] whole = bomb;
    refusesRequest(bytes -> whole);
  }

  @Test
  void anIntegerAbove32Bits() {
    var token = orders.token();
    token.request.set(0, integer(0x100000005L));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN);
    token = orders.token();
    token.authenticator.set(7, integer(0x100000000L));
    orders.refuses(token, KerberosRejection.MALFORMED_TOKEN, "seq-number");
  }

  @Test
  void aTokenOver64Kilobytes() {
    orders.refuses(new byte[64 * 1024 + 1], KerberosRejection.TOO_LARGE);
  }

  @Test
  void badBase64() {
    String good = Base64.getEncoder().encodeToString(orders.token().bytes());
    int half = good.length() / 2;
    for (String bad :
        List.of(
            good + "=",
            good + "====",
            good.substring(1),
            "%" + good,
            good + "*",
            good.substring(0, half) + "\n" + good.substring(half),
            good.substring(0, half) + " " + good.substring(half),
            good.replace('A', '-'),
            "")) {
      Verification seen = orders.verify(TokenSurgery.evidence(bad));
      assertThat(seen).as(bad).extracting("reason").isEqualTo(KerberosRejection.MALFORMED_TOKEN);
    }
  }

  private void refusesRequest(UnaryOperator<byte[]> change) {
    orders.refuses(orders.token().wholeRequest(change), KerberosRejection.MALFORMED_TOKEN);
  }

  private static byte[] from(byte[] bytes, int start) {
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }
}
