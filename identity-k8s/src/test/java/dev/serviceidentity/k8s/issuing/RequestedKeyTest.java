// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The key of a request is what its certificate must be for. */
class RequestedKeyTest {
  private static final DevelopmentCa CA = DevelopmentCa.create("shop.example", Clock.systemUTC());

  private static List<X509Certificate> chain(RequestForTest request) {
    return CA.issue(request.der(), Duration.ofHours(1)).chain();
  }

  @ParameterizedTest
  @CsvSource({"EC, 256, SHA256withECDSA", "EC, 384, SHA384withECDSA", "RSA, 2048, SHA256withRSA"})
  void aCertificateForTheKeyIsTaken(String algorithm, int bits, String signature) throws Exception {
    RequestForTest request = RequestForTest.of(algorithm, bits, signature);
    List<X509Certificate> chain = chain(request);
    assertThat(RequestedKey.of(request.der()).checked(chain)).isEqualTo(chain);
  }

  @Test
  void aCertificateForAnotherKeyIsNot() throws Exception {
    List<X509Certificate> other = chain(RequestForTest.ec());
    RequestedKey key = RequestedKey.of(RequestForTest.ec().der());
    assertThatThrownBy(() -> key.checked(other))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("for another key");
  }

  @Test
  void whatIsNoRequestIsAnErrorOfWhoAsks() throws Exception {
    byte[] request = RequestForTest.ec().der();
    for (byte[] wrong :
        List.of(
            new byte[0],
            new byte[] {0x30, (byte) 0x80},
            Arrays.copyOf(request, request.length - 1),
            Arrays.copyOf(request, request.length + 1),
            CA.certificate().getPublicKey().getEncoded())) {
      assertThatThrownBy(() -> RequestedKey.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @FuzzTest
  void anyBytesGiveAKeyOrTheOneException(byte[] bytes) {
    try {
      assertThat(RequestedKey.of(bytes)).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("PKCS#10");
    }
  }

  @Test
  void randomDamageGivesAKeyOrTheOneException() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("RequestedKeyTest: -Dseed=" + seed);
    var random = new Random(seed);
    byte[] sample = RequestForTest.ec().der();
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = sample.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      anyBytesGiveAKeyOrTheOneException(damaged);
    }
  }
}
