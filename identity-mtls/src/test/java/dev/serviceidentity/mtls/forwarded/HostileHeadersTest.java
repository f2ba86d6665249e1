// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Headers that nobody meant well: each is read or refused, and whatever a caller puts into one, it
 * cannot reach the element that the proxy appends.
 */
class HostileHeadersTest {
  private static final int ROUNDS = 50_000;
  private static final String PROXYS =
      "By=spiffe://shop.example/ns/edge/sa/gateway;Subject=\"CN=a\\\"b\";URI=spiffe://shop.example/x";
  private static final String GOOD =
      "By=spiffe://a/b;Hash=00ff;Subject=\"CN=a\\,b\\\\\";URI=spiffe://c/d, by=x;DNS=y;Cert=\"%0A\"";
  private static final String ALPHABET = "\",;=\\ \t%:bByYuUrRiI1\n";

  @FuzzTest
  void anyXfccIsReadOrRefused(byte[] bytes) {
    readXfcc(new String(bytes, ISO_8859_1));
  }

  @FuzzTest
  void anyClientCertIsReadOrRefused(byte[] bytes) {
    readClientCert(new String(bytes, ISO_8859_1));
  }

  @Test
  void changedXfccIsReadOrRefused() {
    changed(GOOD, HostileHeadersTest::readXfcc);
  }

  @Test
  void changedClientCertsAreReadOrRefused() {
    changed(":MIIB:, :AAAA:", HostileHeadersTest::readClientCert);
  }

  @Test
  void changedPemIsReadOrRefused() {
    changed("-----BEGIN%20X-----%0AMII%2B%2F%3D", HostileHeadersTest::readPem);
  }

  private static boolean readXfcc(String value) {
    assertThat(appended(value)).isIn(null, own());
    try {
      ForwardedElement element = XfccReader.lastOf(value);
      assertThat(element.toString().length()).isLessThan(value.length() + 200);
      return true;
    } catch (RefusedHeaderException refused) {
      return false;
    }
  }

  private static @Nullable ForwardedElement appended(String value) {
    try {
      return XfccReader.lastOf(value + "," + PROXYS);
    } catch (RefusedHeaderException refused) {
      return null;
    }
  }

  private static ForwardedElement own() {
    try {
      return XfccReader.lastOf(PROXYS);
    } catch (RefusedHeaderException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean readClientCert(String value) {
    try {
      for (byte[] der : ClientCertReader.chain(List.of(value))) {
        assertThat(der.length).isBetween(1, value.length());
      }
      return true;
    } catch (RefusedHeaderException refused) {
      return false;
    }
  }

  private static boolean readPem(String value) {
    try {
      assertThat(HeaderText.decodedPem(value)).matches("[-A-Za-z0-9+/=._~ \\n]*");
      return true;
    } catch (RefusedHeaderException refused) {
      return false;
    }
  }

  private static void changed(String good, Predicate<String> reader) {
    long seed = new SecureRandom().nextLong();
    System.out.println("Seed " + seed);
    var random = new Random(seed);
    assertThat(reader.test(good)).as("the unchanged example is read").isTrue();
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      read += reader.test(change(good, random)) ? 1 : 0;
    }
    assertThat(read).as("some are read, some are refused").isBetween(1, ROUNDS - 1);
  }

  private static String change(String good, Random random) {
    var text = new StringBuilder(good);
    for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        case 1 -> text.insert(at, (char) random.nextInt(256));
        default -> text.delete(at, Math.min(text.length(), at + random.nextInt(4)));
      }
    }
    return text.toString();
  }
}
