// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;

/**
 * What the lists of rejected certificates are written in: number and name of the case, the code,
 * words of the remedy, and the certificate. {@link #ROOT} is trusted for shop.example and {@link
 * #OTHER_ROOT} for b.example.
 */
final class Refusals {
  static final Forged ROOT = Draft.authority("root").selfSigned();
  static final Forged OTHER_ROOT = Draft.authority("other root").selfSigned();
  static final Map<String, TrustBundle> TRUST =
      Map.of(
          "shop.example", TrustBundle.of("shop.example", ROOT.with()),
          "b.example", TrustBundle.of("b.example", OTHER_ROOT.with()));

  private static final PeerVerifier VERIFIER = new PeerVerifier(new SvidProfile());

  private Refusals() {}

  /** A leaf that the trusted authority signs. */
  static DynamicTest refused(
      String name, CertificateRejection code, String remedy, Draft signedByRoot) {
    return refused(name, code, remedy, TRUST, signedByRoot.signedBy(ROOT).with());
  }

  static DynamicTest refused(
      String name, CertificateRejection code, String remedy, List<X509Certificate> chain) {
    return refused(name, code, remedy, TRUST, chain);
  }

  static DynamicTest refused(
      String name,
      CertificateRejection code,
      String remedy,
      Map<String, TrustBundle> trust,
      List<X509Certificate> chain) {
    return dynamicTest(
        name,
        () -> {
          RefusedCertificateException refused = refusal(chain, trust);
          assertThat(refused.rejection()).isEqualTo(code);
          assertThat(refused.getMessage())
              .startsWith(code + ": " + refused.detail())
              .endsWith(code.remedy());
          assertThat(code.remedy()).contains(remedy);
        });
  }

  static DynamicTest accepted(
      String name, Map<String, TrustBundle> trust, List<X509Certificate> chain) {
    return dynamicTest(
        name,
        () ->
            assertThat(VERIFIER.verify(chain, PeerRole.CLIENT, trust, Draft.NOW).principal())
                .hasToString("mtls:" + Draft.WEB));
  }

  static DynamicTest accepted(String name, Draft signedByRoot) {
    return accepted(name, TRUST, signedByRoot.signedBy(ROOT).with());
  }

  static RefusedCertificateException refusal(
      List<X509Certificate> chain, Map<String, TrustBundle> trust) {
    RefusedCertificateException refused =
        catchThrowableOfType(
            RefusedCertificateException.class,
            () -> VERIFIER.verify(chain, PeerRole.CLIENT, trust, Draft.NOW));
    assertThat(refused).as("it is refused at all").isNotNull();
    return refused;
  }

  static Map<String, TrustBundle> trusting(Forged anchor) {
    return Map.of("shop.example", TrustBundle.of("shop.example", anchor.with()));
  }
}
