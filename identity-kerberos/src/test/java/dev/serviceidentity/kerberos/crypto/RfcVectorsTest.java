// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of RFC 3961 appendix A, RFC 3962 appendix B and RFC 8009 appendix A. */
class RfcVectorsTest {
  private static final Workshop WORKSHOP = new Workshop();
  private static final byte[] KEY_128 = bytes("3705D96080C17728A0E800EAB6E0D23C");
  private static final byte[] KEY_256 =
      bytes("6D404D37FAF79F9DF0D33568D320669800EB4836472EA8A026D16B7182460C52");

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
  void foldsAsRfc3961AppendixA1(String text, String folded) {
    byte[] expected = bytes(folded);
    assertThat(NFold.fold(ascii(text), expected.length)).isEqualTo(expected);
  }

  /** RFC 3962 appendix B, ciphertext stealing with the key "chicken teriyaki". */
  @ParameterizedTest
  @CsvSource({
    "17, c6353568f2bf8cb4d8a580362da7ff7f97",
    "31, fc00783e0efdb2c1d445d4c8eff7ed2297687268d6ecccc0c07b25e25ecfe5",
    "32, 39312523a78662d5be7fcbcc98ebf5a897687268d6ecccc0c07b25e25ecfe584",
    "47, 97687268d6ecccc0c07b25e25ecfe584b3fffd940c16a18c1b5549d2f838029e"
        + "39312523a78662d5be7fcbcc98ebf5",
    "48, 97687268d6ecccc0c07b25e25ecfe5849dad8bbb96c4cdc03bc103e1a194bbd8"
        + "39312523a78662d5be7fcbcc98ebf5a8",
    "64, 97687268d6ecccc0c07b25e25ecfe58439312523a78662d5be7fcbcc98ebf5a8"
        + "4807efe836ee89a526730dbc2f7bc8409dad8bbb96c4cdc03bc103e1a194bbd8"
  })
  void stealsAsRfc3962AppendixB(int length, String cipher) throws GeneralSecurityException {
    var stealing = new StealingCipher(StealingCipher.provider());
    stealing.rekey(ascii("chicken teriyaki"));
    byte[] plain = ascii("I would like the General Gau's Chicken, please, and wonton soup.");
    byte[] text = Arrays.copyOf(Arrays.copyOf(plain, length), 64);
    byte[] out = new byte[length];
    stealing.encrypt(text, length, out, 0);
    assertThat(out).isEqualTo(bytes(cipher));
    byte[] back = new byte[64];
    stealing.decrypt(out, 0, length, back);
    assertThat(Arrays.copyOf(back, length)).isEqualTo(Arrays.copyOf(plain, length));
  }

  /** RFC 3962 appendix B, string-to-key; the salt in hex. */
  @ParameterizedTest
  @CsvSource({
    "1, password, 415448454E412E4D49542E4544557261656275726E, 42263c6e89f4fc28b8df68ee09799f15,"
        + " fe697b52bc0d3ce14432ba036a92e65bbb52280990a2fa27883998d72af30161",
    "2, password, 415448454E412E4D49542E4544557261656275726E, c651bf29e2300ac27fa469d693bdda13,"
        + " a2e16d16b36069c135d5e9d2e25f896102685618b95914b467c67622225824ff",
    "1200, password, 415448454E412E4D49542E4544557261656275726E, 4c01cd46d632d01e6dbe230a01ed642a,"
        + " 55a6ac740ad17b4846941051e1e8b0a7548d93b0ab30a8bc3ff16280382b8c2a",
    "5, password, 1234567878563412, e9b23d52273747dd5c35cb55be619d8e,"
        + " 97a4e786be20d81a382d5ebc96d5909cabcdadc87ca48f574504159f16c36e31",
    "50, \uD834\uDD1E, 4558414D504C452E434F4D7069616E697374, f149c1f2e154a73452d43e7fe62a56e5,"
        + " 4b6d9839f84406df1f09cc166db4b83c571848b784a3d6bdc346589a3e393f9e"
  })
  void derivesFromPasswordsAsRfc3962AppendixB(
      int iterations, String password, String salt, String key128, String key256) {
    assertThat(ofPassword(KeyType.AES128_SHA1, password, salt, iterations))
        .isEqualTo(bytes(key128));
    assertThat(ofPassword(KeyType.AES256_SHA1, password, salt, iterations))
        .isEqualTo(bytes(key256));
  }

  /** RFC 8009 appendix A, string-to-key: sixteen random bytes before the salt of the realm. */
  @ParameterizedTest
  @CsvSource({
    "AES128_SHA256, 089BCA48B105EA6EA77CA5D2F39DC5E7",
    "AES256_SHA384, 45BD806DBF6A833A9CFFC1C94589A222367A79BC21C413718906E9F578A78467"
  })
  void derivesFromPasswordsAsRfc8009AppendixA(KeyType type, String key) {
    String salt = "10DF9DD783E5BC8ACEA1730E74355F61415448454E412E4D49542E4544557261656275726E";
    assertThat(ofPassword(type, "password", salt, 32768)).isEqualTo(bytes(key));
  }

  /** RFC 8009 appendix A, key usage 2. */
  @ParameterizedTest
  @CsvSource({
    "AES128_SHA256, 153, B31A018A48F54776F403E9A396325DC3",
    "AES128_SHA256, 170, 9B197DD1E8C5609D6E67C3E37C62C72E",
    "AES128_SHA256, 85, 9FDA0E56AB2D85E1569A688696C26A6C",
    "AES256_SHA384, 153, EF5718BE86CC84963D8BBB5031E9F5C4BA41F28FAF69E73D",
    "AES256_SHA384, 170, 56AB22BEE63D82D7BC5227F6773F8EA7A5EB1C825160C38312980C442E5C7E49",
    "AES256_SHA384, 85, 69B16514E3CD8E56B82010D5C73012B622C4D00FFC23ED1F"
  })
  void derivesKeysAsRfc8009AppendixA(KeyType type, int purpose, String derived)
      throws GeneralSecurityException {
    assertThat(WORKSHOP.derivation().derive(type, key(type), 2, purpose)).isEqualTo(bytes(derived));
  }

  /** RFC 8009 appendix A, sample encryptions with key usage 2. */
  @ParameterizedTest
  @CsvSource({
    "AES128_SHA256, '', 7E5895EAF2672435BAD817F545A37148,"
        + " EF85FB890BB8472F4DAB20394DCA781DAD877EDA39D50C870C0D5A0A8E48C718",
    "AES128_SHA256, 000102030405, 7BCA285E2FD4130FB55B1A5C83BC5B24,"
        + " 84D7F30754ED987BAB0BF3506BEB09CFB55402CEF7E6877CE99E247E52D16ED4421DFDF8976C",
    "AES128_SHA256, 000102030405060708090A0B0C0D0E0F, 56AB21713FF62C0A1457200F6FA9948F,"
        + " 3517D640F50DDC8AD3628722B3569D2AE07493FA8263254080EA65C1008E8FC2"
        + "95FB4852E7D83E1E7C48C37EEBE6B0D3",
    "AES128_SHA256, 000102030405060708090A0B0C0D0E0F1011121314,"
        + " A7A4E29A4728CE10664FB64E49AD3FAC,"
        + " 720F73B18D9859CD6CCB4346115CD336C70F58EDC0C4437C5573544C31C813BC"
        + "E1E6D072C186B39A413C2F92CA9B8334A287FFCBFC",
    "AES256_SHA384, '', F764E9FA15C276478B2C7D0C4E5F58E4,"
        + " 41F53FA5BFE7026D91FAF9BE959195A058707273A96A40F0A01960621AC61274"
        + "8B9BBFBE7EB4CE3C",
    "AES256_SHA384, 000102030405, B80D3251C1F6471494256FFE712D0B9A,"
        + " 4ED7B37C2BCAC8F74F23C1CF07E62BC7B75FB3F637B9F559C7F664F69EAB7B60"
        + "92237526EA0D1F61CB20D69D10F2",
    "AES256_SHA384, 000102030405060708090A0B0C0D0E0F, 53BF8A0D105265D4E276428624CE5E63,"
        + " BC47FFEC7998EB91E8115CF8D19DAC4BBBE2E163E87DD37F49BECA92027764F6"
        + "8CF51F14D798C2273F35DF574D1F932E40C4FF255B36A266",
    "AES256_SHA384, 000102030405060708090A0B0C0D0E0F1011121314,"
        + " 763E65367E864F02F55153C7E3B58AF1,"
        + " 40013E2DF58E8751957D2878BCD2D6FE101CCFD556CB1EAE79DB3C3EE86429F2"
        + "B2A602AC86FEF6ECB647D6295FAE077A1FEB517508D2C16B4192E01F62"
  })
  void sealsAndOpensAsRfc8009AppendixA(
      KeyType type, String plain, String confounder, String sealed) {
    var key = new ProtocolKey(type, key(type), WORKSHOP);
    byte[] expected = bytes(sealed);
    assertThat(key.seal(KeyUsage.TICKET, bytes(plain), bytes(confounder))).isEqualTo(expected);
    assertThat(key.open(KeyUsage.TICKET, expected, 0, expected.length))
        .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(bytes(plain)));
  }

  /** RFC 8009 appendix A, sample checksums with key usage 2. */
  @ParameterizedTest
  @CsvSource({
    "AES128_SHA256, D78367186643D67B411CBA9139FC1DEE",
    "AES256_SHA384, 45EE791567EEFCA37F4AC1E0222DE80D43C3BFA06699672A"
  })
  void signsAsRfc8009AppendixA(KeyType type, String checksum) {
    byte[] content = bytes("000102030405060708090A0B0C0D0E0F1011121314");
    assertThat(new ProtocolKey(type, key(type), WORKSHOP).checksum(KeyUsage.TICKET, content))
        .isEqualTo(bytes(checksum));
  }

  /** RFC 8009 appendix A, sample pseudo-random functions. */
  @ParameterizedTest
  @CsvSource({
    "AES128_SHA256, 9D188616F63852FE86915BB840B4A886FF3E6BB0F819B49B893393D393854295",
    "AES256_SHA384, 9801F69A368C2BF675E59521E177D9A07F67EFE1CFDE8D3C8D6F6A0256E3B17D"
        + "B3C1B62AD1B8553360D17367EB1514D2"
  })
  void isPseudoRandomAsRfc8009AppendixA(KeyType type, String random) {
    assertThat(new ProtocolKey(type, key(type), WORKSHOP).pseudoRandom(ascii("test")))
        .isEqualTo(bytes(random));
  }

  private static byte[] ofPassword(KeyType type, String password, String salt, int iterations) {
    return ProtocolKey.ofPassword(type, password.toCharArray(), bytes(salt), iterations, WORKSHOP)
        .bytes();
  }

  private static byte[] key(KeyType type) {
    return type == KeyType.AES128_SHA256 ? KEY_128 : KEY_256;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
