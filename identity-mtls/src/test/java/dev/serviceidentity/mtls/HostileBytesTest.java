// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.mtls.pem.MalformedPemException;
import dev.serviceidentity.mtls.pem.PemBlock;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

/**
 * Bytes that nobody meant well. Each parser returns a value or refuses; nothing else may come out.
 * The random tests print their seed and change good examples; the fuzz tests run their stored
 * inputs here, and search for new ones when Jazzer is told to.
 */
class HostileBytesTest {
  private static final int ROUNDS = 20_000;
  private static final byte[] GOOD_NAMES =
      Draft.leaf()
          .names(true, Draft.uri(Draft.WEB), Draft.dns("web.shop"))
          .selfSigned()
          .certificate()
          .getExtensionValue(SubjectNames.EXTENSION);
  private static final byte[] GOOD_PURPOSES =
      Draft.leaf()
          .purposes(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth)
          .selfSigned()
          .certificate()
          .getExtensionValue(Usages.EXTENDED_KEY_USAGE);
  private static final String GOOD_PEM = "text\n" + Draft.pem("CERTIFICATE", new byte[] {0x30, 0});

  @FuzzTest
  void anySpiffeIdIsReadOrRefused(byte[] bytes) {
    readId(new String(bytes, ISO_8859_1));
  }

  @FuzzTest
  void anyNameExtensionIsReadOrRefused(byte[] bytes) {
    readNames(bytes);
  }

  @FuzzTest
  void anyUsageExtensionIsReadOrRefused(byte[] bytes) {
    readUsages(bytes);
  }

  @FuzzTest
  void anyPemIsReadOrRefused(byte[] bytes) {
    readPem(new String(bytes, ISO_8859_1));
  }

  @Test
  void changedSpiffeIdsAreReadOrRefused() {
    changed(Draft.WEB.getBytes(ISO_8859_1), bytes -> readId(new String(bytes, ISO_8859_1)));
  }

  @Test
  void changedNameExtensionsAreReadOrRefused() {
    changed(GOOD_NAMES, HostileBytesTest::readNames);
  }

  @Test
  void changedUsageExtensionsAreReadOrRefused() {
    changed(GOOD_PURPOSES, HostileBytesTest::readUsages);
  }

  @Test
  void changedPemIsReadOrRefused() {
    changed(GOOD_PEM.getBytes(ISO_8859_1), bytes -> readPem(new String(bytes, ISO_8859_1)));
  }

  /** An accepted ID is exactly what it was read from: no two texts are the same caller. */
  private static boolean readId(String text) {
    try {
      assertThat(SpiffeId.read(text)).hasToString(text);
      return true;
    } catch (RefusedCertificateException refused) {
      return false;
    }
  }

  private static boolean readNames(byte[] extension) {
    try {
      SubjectNames names = SubjectNames.parse(extension);
      int characters =
          List.of(names.uris(), names.dnsNames()).stream()
              .flatMap(List::stream)
              .mapToInt(String::length)
              .sum();
      assertThat(characters).isLessThanOrEqualTo(extension.length);
      return true;
    } catch (MalformedDerException refused) {
      return false;
    }
  }

  /** Each of the extensions by itself: what is no purposes may be a key usage. */
  private static boolean readUsages(byte[] extension) {
    boolean read = false;
    for (String id :
        List.of(Usages.EXTENDED_KEY_USAGE, Usages.KEY_USAGE, Usages.BASIC_CONSTRAINTS)) {
      try {
        Usages.parse(other -> other.equals(id) ? extension : null);
        read = true;
      } catch (MalformedDerException refused) {
        assertThat(refused).hasMessageContaining(id);
      }
    }
    return read;
  }

  private static boolean readPem(String text) {
    try {
      for (PemBlock block : PemBlock.parse(text)) {
        assertThat(block.der().length).isBetween(2, text.length());
      }
      return true;
    } catch (MalformedPemException refused) {
      return false;
    }
  }

  private static void changed(byte[] good, Predicate<byte[]> reader) {
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    Random random = new Random(seed);
    assertThat(reader.test(good)).as("the unchanged example is read").isTrue();
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      read += reader.test(change(good, random)) ? 1 : 0;
    }
    assertThat(read).as("some are read, some are refused").isBetween(1, ROUNDS - 1);
  }

  private static byte[] change(byte[] good, Random random) {
    byte[] bytes = new byte[Math.max(0, good.length + random.nextInt(-3, 4))];
    System.arraycopy(good, 0, bytes, 0, Math.min(good.length, bytes.length));
    int changes = random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }
}
