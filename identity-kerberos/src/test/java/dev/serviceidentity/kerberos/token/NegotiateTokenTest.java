// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiateTokenTest {
  private static final byte[] BODY = {9, 9, 9};
  private static final byte[] NTLM_TOKEN =
      "NTLMSSP\0\1\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void theRequestIsFoundInSpnegoAndBare() throws RefusedTokenException {
    assertThat(NegotiateToken.read(Der.spnego(krb5(1, 0), Der.KRB5, Der.NTLM)).apRequest().copy())
        .isEqualTo(BODY);
    assertThat(NegotiateToken.read(krb5(1, 0)).apRequest().copy()).isEqualTo(BODY);
  }

  @Test
  void theOidOfWindows2000MayComeFirstButNotInside() throws RefusedTokenException {
    byte[] token = Der.spnego(krb5(1, 0), Der.KRB5_OF_MICROSOFT, Der.KRB5);
    assertThat(NegotiateToken.read(token).apRequest().copy()).isEqualTo(BODY);
    byte[] inside = Der.tlv(0x60, Der.KRB5_OF_MICROSOFT, new byte[] {1, 0}, BODY);
    refused(KerberosRejection.NOT_KERBEROS, Der.spnego(inside, Der.KRB5));
  }

  @Test
  void ntlmIsNamedWhereverItStands() {
    refused(KerberosRejection.NOT_KERBEROS, NTLM_TOKEN);
    refused(KerberosRejection.NOT_KERBEROS, Der.spnego(NTLM_TOKEN, Der.KRB5));
    refused(KerberosRejection.NOT_KERBEROS, Der.spnego(NTLM_TOKEN, Der.NTLM));
  }

  @Test
  void ntlmBeforeKerberosWouldTakeAnotherRound() {
    refused(KerberosRejection.CONTINUATION_UNSUPPORTED, Der.spnego(NTLM_TOKEN, Der.NTLM, Der.KRB5));
  }

  @Test
  void aMissingMechTokenWouldTakeAnotherRound() {
    refused(KerberosRejection.CONTINUATION_UNSUPPORTED, Der.spnego(null, Der.KRB5));
  }

  @Test
  void aNegTokenRespCannotComeFirst() {
    refused(KerberosRejection.CONTINUATION_UNSUPPORTED, Der.tlv(0xa1, Der.tlv(0x30, new byte[0])));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 4})
  void otherTokensOfTheMechanismAreRefused(int first) {
    refused(KerberosRejection.MALFORMED_TOKEN, krb5(first, 0));
  }

  @Test
  void bytesAfterTheTokenAreRefused() {
    refused(KerberosRejection.MALFORMED_TOKEN, Der.join(krb5(1, 0), new byte[1]));
    refused(
        KerberosRejection.MALFORMED_TOKEN, Der.spnego(Der.join(krb5(1, 0), new byte[1]), Der.KRB5));
  }

  @Test
  void anEmptyListOfMechanismsIsRefused() {
    refused(KerberosRejection.MALFORMED_TOKEN, Der.spnego(krb5(1, 0)));
  }

  @Test
  void aListWithoutEndIsRefused() {
    byte[][] many = new byte[1000][];
    Arrays.fill(many, Der.KRB5);
    refused(KerberosRejection.MALFORMED_TOKEN, Der.spnego(krb5(1, 0), many));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "60 80 06 01 01 00 00", // indefinite
        "60 81 05 06 01 01 00 00", // not minimal
        "60 82 00 05 06 01 01 00 00", // not minimal
        "60 84 7f ff ff ff 06", // past the end
        "60 85 00 00 00 00 05 06", // five bytes of length
        "60 88 ff ff ff ff ff ff ff ff",
        "60 03 06 05 01", // inner longer than outer
        "60",
        "7f 60 05", // tag of two bytes
        "00"
      })
  void lengthsThatAreNotDerAreRefused(String hex) {
    refused(KerberosRejection.MALFORMED_TOKEN, Der.bytes(hex));
  }

  @Test
  void aValueEndsWhereWhatEnclosesItEnds() throws RefusedTokenException {
    var reader = new TokenReader(Der.bytes("30 03 04 04 01 02 03 04"));
    reader.enter(TokenReader.SEQUENCE, "outer");
    assertThatThrownBy(() -> reader.enter(TokenReader.OCTET_STRING, "inner"))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining("longer than what encloses it");
  }

  @Test
  void nestingCostsNothing() {
    byte[] bomb = new byte[0];
    for (int depth = 0; depth < 5000; depth++) {
      bomb = Der.tlv(0x60, bomb);
    }
    refused(KerberosRejection.MALFORMED_TOKEN, bomb);
  }

  @Test
  void whatIsTooLargeIsNotEvenDecoded() {
    refused(KerberosRejection.TOO_LARGE, new byte[NegotiateToken.LONGEST + 1]);
    String text = "A".repeat(200_000);
    assertThatThrownBy(() -> NegotiateToken.parse(text, 0))
        .isInstanceOfSatisfying(
            RefusedTokenException.class,
            refused -> assertThat(refused.reason()).contains(KerberosRejection.TOO_LARGE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%",
        "YII",
        "YII =",
        "YIJ=",
        "YQ",
        "YR==",
        "-_-_",
        "YII=\u00e4",
        "Y\u0149I=",
        "YII=\ud83d\ude00"
      })
  void base64IsStrict(String text) {
    assertThatThrownBy(() -> NegotiateToken.parse(text, 0))
        .isInstanceOfSatisfying(
            RefusedTokenException.class, refused -> assertThat(refused.reason()).isEmpty());
  }

  @Test
  void randomBytesAreRefusedWithAReason() {
    long seed = System.nanoTime();
    System.out.println("seed of random SPNEGO tokens: " + seed);
    var random = new Random(seed);
    byte[] genuine = Der.spnego(krb5(1, 0), Der.KRB5, Der.NTLM);
    for (int round = 0; round < 100_000; round++) {
      byte[] changed = genuine.clone();
      for (int i = random.nextInt(5); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      readWhole(Arrays.copyOf(changed, random.nextInt(changed.length + 3)), seed);
    }
  }

  private static void readWhole(byte[] token, long seed) {
    try {
      ApRequest.read(
          NegotiateToken.parse(Base64.getEncoder().encodeToString(token), 0).apRequest());
    } catch (RefusedTokenException refused) {
      assertThat(refused.detail()).as("seed %d", seed).isNotBlank();
    }
  }

  private static byte[] krb5(int first, int second) {
    return Der.tlv(0x60, Der.KRB5, new byte[] {(byte) first, (byte) second}, BODY);
  }

  private static void refused(KerberosRejection reason, byte[] token) {
    assertThatThrownBy(() -> NegotiateToken.read(token))
        .isInstanceOfSatisfying(
            RefusedTokenException.class,
            refused ->
                assertThat(refused.reason().orElse(KerberosRejection.MALFORMED_TOKEN))
                    .as(refused.detail())
                    .isEqualTo(reason));
  }
}
