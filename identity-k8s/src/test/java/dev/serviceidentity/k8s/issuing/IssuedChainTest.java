// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a signer answers is a chain of bounded size, or the one exception. */
class IssuedChainTest {
  private static final X509Certificate CERTIFICATE =
      DevelopmentCa.create("shop.example", Clock.systemUTC()).certificate();
  private static final String PEM = SigningController.pem(CERTIFICATE);

  private static String encoded(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII));
  }

  private static void refused(String encoded, String why) {
    assertThatThrownBy(() -> IssuedChain.parse(encoded, "The signer x"))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> assertThat(e.code()).isEqualTo(IdentityException.Code.REFUSED))
        .hasMessageStartingWith("The signer x answered ")
        .hasMessageContaining(why);
  }

  @Test
  void certificatesComeInTheirOrderWithTextAroundThem() {
    assertThat(IssuedChain.parse(encoded("subject: x\n" + PEM + "issuer: y\n" + PEM), "x"))
        .containsExactly(CERTIFICATE, CERTIFICATE);
  }

  @Test
  void nothingIsNoChain() {
    refused("", "0 certificates");
  }

  @Test
  void whatIsNoBase64OrPemIsNoChain() {
    refused("-", "something else than certificates");
    refused(encoded("garbage"), "something else than certificates");
    refused(encoded(PEM.substring(0, PEM.length() / 2)), "something else than certificates");
  }

  @Test
  void aLongChainIsNotRead() {
    refused(encoded(PEM.repeat(11)), "11 certificates");
    refused("A".repeat(128 * 1024 + 1), "more than 131072 characters");
  }

  @FuzzTest
  void anyBytesGiveAChainOrTheOneException(byte[] bytes) {
    for (String text :
        new String[] {new String(bytes, ISO_8859_1), Base64.getEncoder().encodeToString(bytes)}) {
      try {
        assertThat(IssuedChain.parse(text, "x")).isNotEmpty();
      } catch (IdentityException e) {
        assertThat(e.code()).isEqualTo(IdentityException.Code.REFUSED);
      }
    }
  }

  @Test
  void randomDamageGivesAChainOrTheOneException() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("IssuedChainTest: -Dseed=" + seed);
    var random = new Random(seed);
    byte[] sample = (PEM + PEM).getBytes(US_ASCII);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = sample.clone();
      for (int j = random.nextInt(6); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      anyBytesGiveAChainOrTheOneException(damaged);
    }
  }
}
