// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.acceptor.OrdersService;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.type.ap.ApRep;
import org.apache.kerby.kerberos.kerb.type.ap.EncAPRepPart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our answers, read by another library. */
class ApReplyTest {
  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = OrdersService.in(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18, 19, 20})
  void theTimesAreTheClientsAndTheSubkeyIsOfTheTypeOfTheSession(int etype) throws KrbException {
    ForgedToken token = orders.token().session(etype);
    EncAPRepPart part = part(token, answer(token.bytes()));
    assertThat(part.getCtime().getTime()).isEqualTo(OrdersService.NOON.getEpochSecond() * 1000);
    assertThat(part.getCusec()).isEqualTo(123456);
    assertThat(part.getSubkey().getKeyData()).hasSize(etype % 2 == 0 ? 32 : 16);
    assertThat(part.getSeqNumber()).isBetween(0, 0x3fffffff);
  }

  @Test
  void subkeysAndSequenceNumbersAreNeverTheSame() throws KrbException {
    var subkeys = new HashSet<List<Byte>>();
    var numbers = new HashSet<Integer>();
    for (int i = 0; i < 100; i++) {
      ForgedToken token = orders.token();
      EncAPRepPart part = part(token, answer(token.bytes()));
      numbers.add(part.getSeqNumber());
      subkeys.add(IntStream.range(0, 32).mapToObj(b -> part.getSubkey().getKeyData()[b]).toList());
    }
    assertThat(subkeys).hasSize(100);
    assertThat(numbers).hasSizeGreaterThan(98);
  }

  @Test
  void aCallerWhoWantsNoProofGetsNone() {
    assertThat(orders.accepts(orders.token().notMutual()).reply()).isEmpty();
    byte[] answer = answer(Der.spnego(orders.token().notMutual().bytes(), Der.KRB5));
    assertThat(answer).isEqualTo(Der.bytes("a114 3012 a003 0a0100 a10b 0609 2a864886f712010202"));
  }

  @Test
  void theAnswerNamesTheMechanismAsTheCallerDid() {
    byte[] answer = answer(Der.spnego(orders.token().bytes(), Der.KRB5_OF_MICROSOFT, Der.KRB5));
    assertThat(indexOf(answer, Der.KRB5_OF_MICROSOFT)).isPositive();
  }

  @Test
  void aMechListMicIsAnsweredWithOneByOurSubkey() throws KrbException, RefusedTokenException {
    ForgedToken token = orders.token();
    byte[] list = Der.tlv(0x30, Der.KRB5, Der.NTLM);
    byte[] mic = ForgedMic.ofInitiator(token.session(), 1, list);
    byte[] answer = answer(Der.spnegoWithMic(token.bytes(), list, mic));
    EncAPRepPart part = part(token, SpnegoExchange.read(answer).completed().copy());
    ProtocolKey subkey = ForgedMic.key(18, part.getSubkey().getKeyData());
    byte[] expected = ForgedMic.ofAcceptor(subkey, true, part.getSeqNumber(), list);
    assertThat(mic(answer)).isEqualTo(expected);
  }

  @Test
  void withoutAnAnswerOfTheMechanismTheMicIsByTheKeyOfTheClient() {
    ForgedToken token = orders.token().notMutual();
    byte[] list = Der.tlv(0x30, Der.KRB5);
    byte[] mic = ForgedMic.ofInitiator(token.session(), 1, list);
    byte[] answer = answer(Der.spnegoWithMic(token.bytes(), list, mic));
    assertThat(mic(answer)).isEqualTo(ForgedMic.ofAcceptor(token.session(), false, 1, list));
  }

  private byte[] answer(byte[] token) {
    String value = orders.accepts(token).reply().get(0).value();
    return Base64.getDecoder().decode(value.substring("Negotiate ".length()));
  }

  private static EncAPRepPart part(ForgedToken token, byte[] answer) throws KrbException {
    int start = indexOf(answer, Der.bytes("2a864886f712010202 0200")) + 11;
    ApRep reply = KrbCodec.decode(Arrays.copyOfRange(answer, start, answer.length), ApRep.class);
    byte[] sealed = reply.getEncryptedEncPart().getCipher();
    byte[] plain = token.session().open(KeyUsage.AP_REPLY, sealed, 0, sealed.length).orElseThrow();
    return KrbCodec.decode(plain, EncAPRepPart.class);
  }

  /** The last field of NegTokenResp: a header of 16 bytes and a MAC of 12. */
  private static byte[] mic(byte[] answer) {
    assertThat(Arrays.copyOfRange(answer, answer.length - 32, answer.length - 28))
        .isEqualTo(Der.bytes("a31e041c"));
    return Arrays.copyOfRange(answer, answer.length - 28, answer.length);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
