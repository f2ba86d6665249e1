// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bundles that nobody meant well: each is a key and a chain, or is refused with a message that
 * names the file. Random tests print their seed.
 */
class HostileBundlesTest {
  private static final int ROUNDS = 1_000;

  /** Each is decrypted. */
  private static final int FEWER_ROUNDS = 150;

  private static final IssuedCertificate ISSUED =
      DevelopmentCa.create("shop.example", Clock.systemUTC())
          .issue(LeafTemplate.spiffe("spiffe://shop.example/web"));

  @FuzzTest
  void anyBundleIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("bundle", ".pem");
    try {
      read(file, bytes);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void changedBundlesAreReadOrRefused(@TempDir Path directory) throws Exception {
    changed(directory, ROUNDS, block("PRIVATE KEY", ISSUED.privateKey().getEncoded()));
  }

  @Test
  void changedOlderKeysAreReadOrRefused(@TempDir Path directory) throws Exception {
    byte[] sec1 =
        org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(ISSUED.privateKey().getEncoded())
            .getPrivateKey()
            .getOctets();
    changed(directory, ROUNDS, block("EC PRIVATE KEY", withCurve(sec1)));
  }

  @Test
  void changedEncryptedKeysAreReadOrRefused(@TempDir Path directory) throws Exception {
    changed(
        directory, FEWER_ROUNDS, block("ENCRYPTED PRIVATE KEY", encrypted(ISSUED.privateKey())));
  }

  private static void changed(Path directory, int rounds, byte[] key) throws Exception {
    byte[] good = concat(key, block("CERTIFICATE", ISSUED.chain().get(0).getEncoded()));
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    Random random = new Random(seed);
    Path file = directory.resolve("bundle.pem");
    assertThat(read(file, good)).as("the unchanged example is read").isTrue();
    int read = 0;
    for (int round = 0; round < rounds; round++) {
      read += read(file, change(good, random)) ? 1 : 0;
    }
    assertThat(read).as("some are refused").isLessThan(rounds);
  }

  private static boolean read(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try {
      PemFile.KeyAndChain both = new PemFile(file, file).keyAndChain("secret"::toCharArray);
      assertThat(both.chain()).isNotEmpty();
      assertThat(both.key()).isNotNull();
      return true;
    } catch (IdentityException refused) {
      assertThat(refused).hasMessageContaining(file.toString());
      return false;
    }
  }

  /** Changes in the base64 keep it base64, so that they reach what is inside. */
  private static byte[] change(byte[] good, Random random) {
    byte[] bytes = good.clone();
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextInt(10) == 0
              ? (byte) random.nextInt()
              : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
    }
    return bytes;
  }

  private static byte[] block(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getEncoder().encodeToString(der))
        .getBytes(ISO_8859_1);
  }

  /** The JDK leaves the curve out of the inner key, because PKCS#8 names it outside. */
  private static byte[] withCurve(byte[] sec1) throws IOException {
    var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(sec1);
    return new org.bouncycastle.asn1.sec.ECPrivateKey(
            256, key.getKey(), org.bouncycastle.asn1.sec.SECObjectIdentifiers.secp256r1)
        .getEncoded();
  }

  private static byte[] encrypted(PrivateKey key)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    return new JcaPKCS8EncryptedPrivateKeyInfoBuilder(key)
        .build(
            new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_128_CBC)
                .setProvider(new BouncyCastleProvider())
                .setIterationCount(10)
                .setPassword("secret".toCharArray())
                .build())
        .getEncoded();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return (new String(first, ISO_8859_1) + new String(second, ISO_8859_1)).getBytes(ISO_8859_1);
  }
}
