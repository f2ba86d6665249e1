// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SealedDataTest {
  private static final byte[] KEY_128 = Der.bytes("3705D96080C17728A0E800EAB6E0D23C");
  private static final byte[] KEY_256 =
      Der.bytes("6D404D37FAF79F9DF0D33568D320669800EB4836472EA8A026D16B7182460C52");

  /** RFC 3961 appendix A.1. */
  @ParameterizedTest
  @CsvSource({
    "012345, be072631276b1955",
    "password, 78a07b6caf85fa",
    "'Rough Consensus, and Running Code', bb6ed30870b7f0e0",
    "password, 59e4a8ca7c0385c3c37b3f6d2000247cb6e6bd5b3e",
    "MASSACHVSETTS INSTITVTE OF TECHNOLOGY, db3b0d8f0b061e603282b308a50841229ad798fab9540c1b",
    "Q, 518a54a215a8452a518a54a215a8452a518a54a215",
    "ba, fb25d531ae8974499f52fd92ea9857c4ba24cf297e",
    "kerberos, 6b65726265726f73",
    "kerberos, 6b65726265726f737b9b5b2b93132b93"
  })
  void foldsAsRfc3961Does(String text, String folded) {
    byte[] expected = Der.bytes(folded);
    assertThat(NFold.fold(text.getBytes(StandardCharsets.US_ASCII), expected.length))
        .isEqualTo(expected);
  }

  /** RFC 3962 appendix B, key "chicken teriyaki". */
  @ParameterizedTest
  @CsvSource({
    "17, c6353568f2bf8cb4d8a580362da7ff7f97",
    "31, fc00783e0efdb2c1d445d4c8eff7ed2297687268d6ecccc0c07b25e25ecfe5",
    "32, 39312523a78662d5be7fcbcc98ebf5a897687268d6ecccc0c07b25e25ecfe584"
  })
  void decryptsAsRfc3962Does(int length, String cipher) throws GeneralSecurityException {
    byte[] key = "chicken teriyaki".getBytes(StandardCharsets.US_ASCII);
    assertThat(SealedData.decrypt(key, Der.bytes(cipher)))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("I would like the General Gau's C".substring(0, length));
  }

  /** RFC 8009 appendix A, key usage 2. */
  @Test
  void derivesKeysAsRfc8009Does() throws GeneralSecurityException {
    assertThat(SealedData.derive(KeyType.AES128_SHA256, KEY_128, 2, 0xaa))
        .isEqualTo(Der.bytes("9B197DD1E8C5609D6E67C3E37C62C72E"));
    assertThat(SealedData.derive(KeyType.AES128_SHA256, KEY_128, 2, 0x55))
        .isEqualTo(Der.bytes("9FDA0E56AB2D85E1569A688696C26A6C"));
    assertThat(SealedData.derive(KeyType.AES256_SHA384, KEY_256, 2, 0xaa))
        .isEqualTo(Der.bytes("56AB22BEE63D82D7BC5227F6773F8EA7A5EB1C825160C38312980C442E5C7E49"));
    assertThat(SealedData.derive(KeyType.AES256_SHA384, KEY_256, 2, 0x55))
        .isEqualTo(Der.bytes("69B16514E3CD8E56B82010D5C73012B622C4D00FFC23ED1F"));
  }

  /** RFC 8009 appendix A, sample encryptions with key usage 2. */
  @ParameterizedTest
  @CsvSource({
    "AES128_SHA256, '', EF85FB890BB8472F4DAB20394DCA781DAD877EDA39D50C870C0D5A0A8E48C718",
    "AES128_SHA256, 000102030405,"
        + " 84D7F30754ED987BAB0BF3506BEB09CFB55402CEF7E6877CE99E247E52D16ED4421DFDF8976C",
    "AES256_SHA384, '', 41F53FA5BFE7026D91FAF9BE959195A058707273A96A40F0A01960621AC612748B9BBFBE7EB4CE3C"
  })
  void opensAsRfc8009Does(KeyType type, String plain, String sealed) {
    byte[] key = type == KeyType.AES128_SHA256 ? KEY_128 : KEY_256;
    assertThat(SealedData.open(type, key, 2, Der.bytes(sealed)))
        .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(Der.bytes(plain)));
    byte[] changed = Der.bytes(sealed);
    changed[3] ^= 1;
    assertThat(SealedData.open(type, key, 2, changed)).isEmpty();
    assertThat(SealedData.open(type, key, 3, Der.bytes(sealed))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"AES128_SHA1", "AES256_SHA1", "AES128_SHA256", "AES256_SHA384"})
  void whatIsTooShortForABlockAndAMacDoesNotOpen(KeyType type) {
    for (int length = 0; length < 16 + type.macLength(); length++) {
      assertThat(SealedData.open(type, new byte[type.keyLength()], 2, new byte[length])).isEmpty();
    }
  }
}
