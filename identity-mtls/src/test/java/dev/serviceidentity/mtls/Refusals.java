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
 * words of the detail, and the certificate, which is shown by clients and by servers. {@link #ROOT}
 * is trusted for shop.example and {@link #OTHER_ROOT} for b.example.
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
      String name, CertificateRejection code, String detail, Draft signedByRoot) {
    return refused(name, code, detail, TRUST, signedByRoot.signedBy(ROOT).with());
  }

  static DynamicTest refused(
      String name, CertificateRejection code, String detail, List<X509Certificate> chain) {
    return refused(name, code, detail, TRUST, chain);
  }

  static DynamicTest refused(
      String name,
      CertificateRejection code,
      String detail,
      Map<String, TrustBundle> trust,
      List<X509Certificate> chain) {
    return dynamicTest(
        name,
        () -> {
          for (PeerRole end : PeerRole.values()) {
            RefusedCertificateException refused = refusal(chain, end, trust);
            assertThat(refused.rejection()).as(refused.detail()).isEqualTo(code);
            assertThat(refused.detail()).contains(detail);
          }
        });
  }

  static DynamicTest accepted(String name, Draft signedByRoot) {
    return accepted(name, TRUST, signedByRoot.signedBy(ROOT).with());
  }

  static DynamicTest accepted(
      String name, Map<String, TrustBundle> trust, List<X509Certificate> chain) {
    return accepted(name, Draft.WEB, trust, chain);
  }

  static DynamicTest accepted(
      String name, String id, Map<String, TrustBundle> trust, List<X509Certificate> chain) {
    return dynamicTest(
        name,
        () -> {
          for (PeerRole end : PeerRole.values()) {
            assertThat(VERIFIER.verify(chain, end, trust, Draft.NOW).principal())
                .hasToString("mtls:" + id);
          }
        });
  }

  private static RefusedCertificateException refusal(
      List<X509Certificate> chain, PeerRole end, Map<String, TrustBundle> trust) {
    RefusedCertificateException refused =
        catchThrowableOfType(
            RefusedCertificateException.class, () -> VERIFIER.verify(chain, end, trust, Draft.NOW));
    assertThat(refused).as("a " + end + " is refused at all").isNotNull();
    return refused;
  }

  static Map<String, TrustBundle> trusting(Forged anchor) {
    return Map.of("shop.example", TrustBundle.of("shop.example", anchor.with()));
  }
}
