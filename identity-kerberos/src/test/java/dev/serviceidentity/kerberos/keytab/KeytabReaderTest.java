// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.kerberos.token.Der;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeytabReaderTest {
  private static final String KEY = "000102030405060708090a0b0c0d0e0f";

  /** Two components, realm R, name-type 1, written at second 1, kvno 3, etype 17. */
  private static final String ENTRY =
      "0002 0001 52 0001 61 0001 62 00000001 00000001 03 0011 0010 " + KEY;

  @Test
  void anEntryOfVersion2IsRead() throws MalformedKeytabException {
    KeytabEntry entry = only(file("0502", sized(ENTRY)));
    assertThat(entry.principal()).hasToString("a/b@R");
    assertThat(entry.written()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(entry.kvno()).isEqualTo(3);
    assertThat(entry.etype()).isEqualTo(17);
    assertThat(entry.key()).isEqualTo(Der.bytes(KEY));
  }

  @Test
  void aWideVersionNumberReplacesTheNarrowOne() throws MalformedKeytabException {
    assertThat(only(file("0502", sized(ENTRY + "00000103"))).kvno()).isEqualTo(0x103);
    assertThat(only(file("0502", sized(ENTRY + "ffffffff"))).kvno()).isEqualTo(0xffffffffL);
    assertThat(only(file("0502", sized(ENTRY + "00000000"))).kvno()).isEqualTo(3);
    assertThat(only(file("0502", sized(ENTRY + "00000104 00000000"))).kvno()).isEqualTo(0x104);
  }

  @Test
  void theEntrySaysWhetherItHasRoomForTheWholeVersion() throws MalformedKeytabException {
    assertThat(only(file("0502", sized(ENTRY))).version()).isEqualTo(KeyVersion.ofLowBits(3));
    assertThat(only(file("0502", sized(ENTRY + "00000000"))).version())
        .isEqualTo(KeyVersion.ofLowBits(3));
    assertThat(only(file("0502", sized(ENTRY + "00000003"))).version()).isEqualTo(KeyVersion.of(3));
  }

  @Test
  void holesAreSkippedAndZeroEndsTheFile() throws MalformedKeytabException {
    byte[] file = file("0502", "fffffffd 010203", sized(ENTRY), "ffffffff 00", "00000000 ff");
    assertThat(KeytabReader.read(file)).hasSize(1);
  }

  @Test
  void version1IsReadInBothByteOrders() throws MalformedKeytabException {
    String big = "0003 0001 52 0001 61 0001 62 00000001 03 0011 0010 " + KEY;
    assertThat(only(file("0501", sized(big))).principal()).hasToString("a/b@R");
    String little = "0300 0100 52 0100 61 0100 62 01000000 03 1100 1000 " + KEY;
    String size = HexFormat.of().toHexDigits(Integer.reverseBytes(Der.bytes(little).length));
    assertThat(only(file("0501", size + little)).kvno()).isEqualTo(3);
  }

  @Test
  void aFileWithoutEntriesIsEmpty() throws MalformedKeytabException {
    assertThat(KeytabReader.read(Der.bytes("0502"))).isEmpty();
  }

  @Test
  void aTruncatedFileIsMalformedWhereverItEnds() {
    byte[] whole = file("0502", sized(ENTRY));
    for (int length = 3; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> KeytabReader.read(cut))
          .as("%d bytes", length)
          .isInstanceOf(MalformedKeytabException.class)
          .hasMessageContaining("truncated");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "05", "0503", "0400", "ffff", "3c21"})
  void whatIsNoKeytabIsMalformed(String hex) {
    malformed(Der.bytes(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "0000 0001 52 00000001 00000001 03 0011 0010, 0 components",
    "0011 0001 52, 17 components",
    "0001 0000 0001 61, a realm of 0 bytes",
    "0001 ffff 52, a realm of 65535 bytes",
    "0001 0010 52, a realm longer than the entry",
    "0001 0001 52 0001 61 00000001 00000001 03 0011 0000, a key of 0 bytes",
    "0001 0001 52 0001 61 00000001 00000001 03 0012 0001 aa, a key of 1 bytes for aes256",
    "0001 0001 52 0001 61 00000001, ends within a field"
  })
  void aMalformedEntryIsNamedWithItsPlace(String entry, String problem) {
    assertThatThrownBy(() -> KeytabReader.read(file("0502", sized(entry))))
        .isInstanceOf(MalformedKeytabException.class)
        .hasMessageContaining("the entry at byte 2")
        .hasMessageContaining(problem);
  }

  @Test
  void aSizeThatNoFileHasIsMalformed() {
    malformed(Der.bytes("0502 7fffffff 00"));
    malformed(Der.bytes("0502 80000000 00"));
  }

  @Test
  void keysAreInNoText() throws MalformedKeytabException {
    KeytabEntry entry = only(file("0502", sized(ENTRY)));
    assertThat(entry.toString())
        .isEqualTo("a/b@R kvno 3 aes128-cts-hmac-sha1-96 (17)")
        .doesNotContain("0102");
  }

  @Test
  void randomChangesAreReadOrMalformedAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed of random keytabs: " + seed);
    var random = new Random(seed);
    byte[] genuine = file("0502", sized(ENTRY), "fffffffd 010203", sized(ENTRY + "00000103"));
    for (int round = 0; round < 100_000; round++) {
      byte[] changed = Arrays.copyOf(genuine, random.nextInt(genuine.length + 5));
      for (int i = random.nextInt(5); i > 0 && changed.length > 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(KeytabReader.read(changed)).as("seed %d", seed).hasSizeLessThan(50);
      } catch (MalformedKeytabException malformed) {
        assertThat(malformed.getMessage()).as("seed %d", seed).isNotBlank();
      }
    }
  }

  private static KeytabEntry only(byte[] file) throws MalformedKeytabException {
    List<KeytabEntry> entries = KeytabReader.read(file);
    assertThat(entries).hasSize(1);
    return entries.get(0);
  }

  private static void malformed(byte[] file) {
    assertThatThrownBy(() -> KeytabReader.read(file)).isInstanceOf(MalformedKeytabException.class);
  }

  private static String sized(String entry) {
    return HexFormat.of().toHexDigits(Der.bytes(entry).length) + entry;
  }

  private static byte[] file(String... parts) {
    return Der.bytes(String.join("", parts));
  }
}
