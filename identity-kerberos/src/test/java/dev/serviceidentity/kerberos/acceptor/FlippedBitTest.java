// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.Der;
import dev.serviceidentity.kerberos.token.ForgedMic;
import dev.serviceidentity.kerberos.token.ForgedToken;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A valid token that was changed on the way, before an acceptor that has not seen it: nothing but
 * the MACs and our checks stops it.
 */
class FlippedBitTest {
  private static final int OPTIONS_BITS = 32;
  private static final int MEANT_BITS = 2;

  @TempDir Path directory;
  private OrdersService orders;

  @BeforeEach
  void open() {
    orders = new OrdersService(directory, AcceptorSettings.USUAL.replays(new Forgetful()));
  }

  @ParameterizedTest
  @CsvSource({"17, 17", "18, 18", "19, 19", "20, 20"})
  void onlyOptionsThatAreIgnoredAndTheTypeOfTheServicesNameSurvive(int ticket, int session) {
    byte[] genuine = orders.token(ticket).session(session).bytes();
    orders.accepts(genuine);
    assertThat(survivors(genuine)).isEqualTo(unauthenticated(genuine));
  }

  @Test
  void theFrameOfSpnegoHasNoBitToSurviveUnderAMechListMic() {
    byte[] list = Der.tlv(0x30, Der.KRB5);
    ForgedToken token = orders.token();
    byte[] mic = ForgedMic.ofInitiator(token.session(), 1, list);
    byte[] genuine = Der.spnegoWithMic(token.bytes(), list, mic);
    orders.accepts(genuine);
    BitSet survived = survivors(genuine);
    assertThat(survived).isEqualTo(unauthenticated(genuine));
  }

  /**
   * Without a MIC nothing protects the list of mechanisms (RFC 4178 section 5): one bit makes the
   * object identifier of Kerberos that of Microsoft, which means the same and is answered alike.
   */
  @Test
  void withoutAMechListMicTheBitThatMakesTheMechanismMicrosoftsSurvives() {
    byte[] genuine = Der.spnego(orders.token().bytes(), Der.KRB5);
    orders.accepts(genuine);
    BitSet expected = unauthenticated(genuine);
    expected.set(bitOfMicrosoft(genuine));
    assertThat(survivors(genuine)).isEqualTo(expected);
  }

  /** What could be changed without being noticed cannot be used to send a token again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noBitMakesAnotherTokenOfOneThatWasAccepted(boolean spnego) {
    orders = new OrdersService(directory, AcceptorSettings.USUAL);
    byte[] bare = orders.token().bytes();
    byte[] genuine = spnego ? Der.spnego(bare, Der.KRB5) : bare;
    orders.accepts(genuine);
    orders.refuses(genuine, KerberosRejection.REPLAYED);
    assertThat(survivors(genuine).isEmpty()).isTrue();
  }

  @Test
  void randomChangesNeverThrowAndPassOnlyIfNothingAuthenticatedHasChanged() {
    long seed = System.nanoTime();
    System.out.println("seed of random token changes: " + seed);
    var random = new Random(seed);
    byte[] genuine = Der.spnego(orders.token().bytes(), Der.KRB5);
    BitSet free = unauthenticated(genuine);
    free.set(bitOfMicrosoft(genuine));
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = changed(genuine, random);
      if (orders.verify(changed) instanceof Verification.Verified) {
        assertThat(changed).as("seed %d", seed).hasSameSizeAs(genuine);
        BitSet differing = BitSet.valueOf(genuine);
        differing.xor(BitSet.valueOf(changed));
        differing = inReadingOrder(differing);
        differing.andNot(free);
        assertThat(differing.isEmpty()).as("seed %d", seed).isTrue();
      }
    }
  }

  private BitSet survivors(byte[] genuine) {
    var survived = new BitSet();
    for (int bit = 0; bit < genuine.length * 8; bit++) {
      byte[] changed = genuine.clone();
      changed[bit / 8] ^= (byte) (0x80 >>> (bit % 8));
      if (orders.verify(changed) instanceof Verification.Verified) {
        survived.set(bit);
      }
    }
    return survived;
  }

  /** The ap-options without the two that mean something, and the name-type of sname. */
  private static BitSet unauthenticated(byte[] token) {
    var bits = new BitSet();
    int options = indexOf(token, Der.bytes("a2 07 03 05 00")) + 5;
    bits.set(options * 8, options * 8 + OPTIONS_BITS);
    bits.clear(options * 8 + 1, options * 8 + 1 + MEANT_BITS);
    int nameType = indexOf(token, Der.bytes("a0 03 02 01 01 a1")) + 4;
    bits.set(nameType * 8, nameType * 8 + 8);
    return bits;
  }

  /** In the list of mechanisms, which stands first. */
  private static int bitOfMicrosoft(byte[] token) {
    int octet = indexOf(token, Der.bytes("2a864886f7")) + 3;
    return octet * 8 + Integer.numberOfLeadingZeros(0x86 ^ 0x82) - 24;
  }

  private static byte[] changed(byte[] genuine, Random random) {
    byte[] changed = genuine.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(changed, random.nextInt(changed.length + 20))
        : changed;
  }

  /** BitSet counts from the lowest bit of a byte. */
  private static BitSet inReadingOrder(BitSet bits) {
    var turned = new BitSet();
    bits.stream().forEach(bit -> turned.set(bit / 8 * 8 + 7 - bit % 8));
    return turned;
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    int index = 0;
    while (!Arrays.equals(bytes, index, index + part.length, part, 0, part.length)) {
      index++;
    }
    return index;
  }
}
