// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.CheckSumHandler;
import org.apache.kerby.kerberos.kerb.crypto.EncTypeHandler;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.base.CheckSumType;
import org.apache.kerby.kerberos.kerb.type.base.EncryptedData;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolKeyTest {
  private static final Workshop WORKSHOP = new Workshop();
  private static final RandomOctets RANDOM = new RandomOctets(new SecureRandom());

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void whatIsSealedOpensForTheSameUsageOnly(KeyType type) {
    ProtocolKey key = key(type);
    for (int length = 0; length < 70; length++) {
      byte[] content = RANDOM.take(length);
      byte[] sealed = key.seal(KeyUsage.TICKET, content, RANDOM);
      assertThat(open(key, KeyUsage.TICKET, sealed)).isEqualTo(content);
      assertThat(key.open(KeyUsage.AP_REPLY, sealed, 0, sealed.length)).isEmpty();
      assertThat(key(type).open(KeyUsage.TICKET, sealed, 0, sealed.length)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void noFlippedBitOpens(KeyType type) {
    ProtocolKey key = key(type);
    byte[] sealed = key.seal(KeyUsage.AUTHENTICATOR, RANDOM.take(37), RANDOM);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(key.open(KeyUsage.AUTHENTICATOR, changed, 0, changed.length)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void whatIsTooShortForABlockAndAMacDoesNotOpen(KeyType type) {
    for (int length = 0; length < 16 + type.macLength(); length++) {
      assertThat(key(type).open(KeyUsage.TICKET, new byte[length], 0, length)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void aPartOfAnArrayIsOpenedWhereItStands(KeyType type) {
    ProtocolKey key = key(type);
    byte[] sealed = key.seal(KeyUsage.TICKET, new byte[] {1, 2, 3}, RANDOM);
    byte[] within = Arrays.copyOf(new byte[7], 7 + sealed.length + 5);
    System.arraycopy(sealed, 0, within, 7, sealed.length);
    assertThat(key.open(KeyUsage.TICKET, within, 7, sealed.length).orElseThrow())
        .containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void manyThreadsUseOneKey(KeyType type) {
    ProtocolKey key = key(type);
    long good =
        IntStream.range(0, 20_000)
            .parallel()
            .filter(
                i -> {
                  byte[] content = Arrays.copyOf(new byte[] {(byte) i}, 1 + i % 60);
                  byte[] sealed = key.seal(KeyUsage.TICKET, content, RANDOM);
                  return Arrays.equals(content, open(key, KeyUsage.TICKET, sealed));
                })
            .count();
    assertThat(good).isEqualTo(20_000);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void theKeysOfManyClientsShareTheirToolsAndNothingElse(KeyType type) {
    ProtocolKey service = key(type);
    ProtocolKey[] clients = new ProtocolKey[200];
    Arrays.setAll(clients, i -> service.beside(type, RANDOM.take(type.keyLength())));
    IntStream.range(0, 4000)
        .parallel()
        .forEach(
            i -> {
              ProtocolKey client = clients[i % clients.length];
              byte[] content = {(byte) i, (byte) (i >> 8)};
              byte[] sealed = client.seal(KeyUsage.AUTHENTICATOR, content, RANDOM);
              assertThat(open(client, KeyUsage.AUTHENTICATOR, sealed)).isEqualTo(content);
              ProtocolKey other = clients[(i + 1) % clients.length];
              assertThat(other.open(KeyUsage.AUTHENTICATOR, sealed, 0, sealed.length)).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18})
  void kerbySealsOpensSignsAndIsPseudoRandomAlike(int etype) throws KrbException {
    long seed = System.nanoTime();
    System.out.println("seed of sealed texts: " + seed);
    var random = new Random(seed);
    KeyType type = KeyType.of(etype).orElseThrow();
    for (int round = 0; round < 200; round++) {
      ProtocolKey key = key(type);
      var theirs = new EncryptionKey(EncryptionType.fromValue(etype), key.bytes());
      byte[] content = new byte[1 + random.nextInt(100)];
      random.nextBytes(content);
      var usage = org.apache.kerby.kerberos.kerb.type.base.KeyUsage.KDC_REP_TICKET;
      EncryptedData sealed = EncryptionHandler.encrypt(content, theirs, usage);
      assertThat(open(key, KeyUsage.TICKET, sealed.getCipher())).isEqualTo(content);
      sealed.setCipher(key.seal(KeyUsage.TICKET, content, RANDOM));
      assertThat(EncryptionHandler.decrypt(sealed, theirs, usage)).isEqualTo(content);
      CheckSumType checksum =
          etype == 17 ? CheckSumType.HMAC_SHA1_96_AES128 : CheckSumType.HMAC_SHA1_96_AES256;
      assertThat(key.checksum(KeyUsage.TICKET, content))
          .isEqualTo(
              CheckSumHandler.checksumWithKey(checksum, content, key.bytes(), usage).getChecksum());
      EncTypeHandler handler = EncryptionHandler.getEncHandler(etype);
      assertThat(key.pseudoRandom(content)).isEqualTo(handler.prf(key.bytes(), content));
    }
  }

  @Test
  void aKeyOfAnotherLengthIsABug() {
    assertThatThrownBy(() -> new ProtocolKey(KeyType.AES256_SHA1, new byte[16], WORKSHOP))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noOctetIsHandedOutTwice() {
    var counting =
        new RandomOctets(
            new SecureRandom() {
              private int next;

              @Override
              public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) ++next);
              }
            });
    assertThat(counting.take(2000)).containsOnly(1);
    assertThat(counting.take(48)).containsOnly(1);
    assertThat(counting.take(1)).containsOnly(2);
  }

  @Test
  void theKeyIsNotShown() {
    assertThat(new ProtocolKey(KeyType.AES128_SHA1, new byte[16], WORKSHOP))
        .hasToString("ProtocolKey[aes128-cts-hmac-sha1-96 (17)]");
  }

  private static ProtocolKey key(KeyType type) {
    return new ProtocolKey(type, RANDOM.take(type.keyLength()), WORKSHOP);
  }

  private static byte[] open(ProtocolKey key, KeyUsage usage, byte[] sealed) {
    return key.open(usage, sealed, 0, sealed.length).orElseThrow();
  }
}
