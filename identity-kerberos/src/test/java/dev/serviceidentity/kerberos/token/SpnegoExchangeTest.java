// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpnegoExchangeTest {
  private static final byte[] COMPLETED = Der.tlv(0xa0, Der.bytes("0a0100"));
  private static final byte[] KRB5 = Der.tlv(0xa1, Der.KRB5);
  private static final byte[] TOKEN = Der.tlv(0xa2, Der.tlv(0x04, new byte[] {1, 2}));
  private static final byte[] MIC = Der.tlv(0xa3, Der.tlv(0x04, new byte[] {3}));

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 127, 128, 255, 256, 5000, 60000})
  void whatIsWrittenIsReadByTheAcceptor(int length) throws RefusedTokenException {
    byte[] body = new byte[length];
    byte[] token = Der.tlv(0x60, Der.KRB5, new byte[] {1, 0}, body);
    assertThat(
            NegotiateToken.read(SpnegoExchange.open(new TokenWriter(0).raw(token)).bytes())
                .apRequest()
                .copy())
        .isEqualTo(body);
  }

  @Test
  void theTokenOfACompletedAnswerIsFound() throws RefusedTokenException {
    assertThat(complete(answer(COMPLETED, KRB5, TOKEN))).containsExactly(1, 2);
    assertThat(complete(answer(COMPLETED, TOKEN, MIC))).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0a0101", "0a0102", "0a0103", "0a01ff", "0a020000", "0a00"})
  void otherStatesAreRefusedThoughTheyBringAToken(String state) {
    refused(answer(Der.tlv(0xa0, Der.bytes(state)), KRB5, TOKEN));
  }

  @Test
  void anAnswerWithoutStateOrTokenOrWithMoreIsRefused() {
    refused(answer(KRB5, TOKEN));
    refused(answer(COMPLETED, KRB5));
    refused(answer(COMPLETED, TOKEN, KRB5));
    refused(answer(COMPLETED, TOKEN, TOKEN));
    refused(answer(COMPLETED, Der.tlv(0xa1, Der.KRB5_OF_MICROSOFT), TOKEN));
    refused(Der.join(answer(COMPLETED, KRB5, TOKEN), new byte[1]));
    refused(Der.tlv(0xa0, Der.tlv(0x30, COMPLETED, KRB5, TOKEN)));
  }

  @Test
  void randomAnswersAreReadOrRefusedAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of random SPNEGO answers: " + seed);
    var random = new Random(seed);
    byte[] genuine = answer(COMPLETED, KRB5, TOKEN, MIC);
    for (int round = 0; round < 50_000; round++) {
      byte[] changed = Arrays.copyOf(genuine, random.nextInt(genuine.length + 3));
      for (int i = random.nextInt(4); i > 0 && changed.length > 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        complete(changed);
      } catch (RefusedTokenException refused) {
        assertThat(refused.detail()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  private static byte[] complete(byte[] answer) throws RefusedTokenException {
    return SpnegoExchange.read(answer).completed().copy();
  }

  private static byte[] answer(byte[]... fields) {
    return Der.tlv(0xa1, Der.tlv(0x30, fields));
  }

  private static void refused(byte[] answer) {
    assertThatThrownBy(() -> complete(answer)).isInstanceOf(RefusedTokenException.class);
  }
}
