// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.ANCHOR_EXPIRED;
import static dev.serviceidentity.mtls.CertificateRejection.EXPIRED;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_IS_ANCHOR;
import static dev.serviceidentity.mtls.CertificateRejection.NOT_YET_VALID;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_KEY_USAGE;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_NOT_CA;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_NOT_VALID_NOW;
import static dev.serviceidentity.mtls.CertificateRejection.UNKNOWN_TRUST_DOMAIN;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.ForeignText;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Decides whose certificate chain this is, or why it is nobody's. Cheap checks come first; the
 * trust bundle is chosen by the leaf's own trust domain before any path is built, so that no
 * authority can name workloads of another domain (X.509-SVID section 5.2).
 */
final class PeerVerifier {
  private final CertificateProfile profile;

  PeerVerifier(CertificateProfile profile) {
    this.profile = profile;
  }

  /** Everything but trust: form, name, algorithms and the leaf's validity. */
  PrincipalId identify(List<X509Certificate> chain, Instant now)
      throws RefusedCertificateException {
    ChainLimits.check(chain);
    X509Certificate leaf = chain.get(0);
    PrincipalId principal = profile.identify(leaf);
    for (X509Certificate certificate : chain) {
      AlgorithmPolicy.check(certificate);
    }
    require(
        !now.isBefore(leaf.getNotBefore().toInstant()),
        NOT_YET_VALID,
        principal.nativeName() + " is valid from " + leaf.getNotBefore().toInstant());
    require(
        now.isBefore(leaf.getNotAfter().toInstant()),
        EXPIRED,
        principal.nativeName() + " was valid until " + leaf.getNotAfter().toInstant());
    return principal;
  }

  VerifiedPeer verify(
      List<X509Certificate> chain, PeerRole role, Map<String, TrustBundle> trust, Instant now)
      throws RefusedCertificateException {
    PrincipalId principal = identify(chain, now);
    profile.permit(chain.get(0), role);
    TrustBundle bundle = trust.get(principal.domain());
    if (bundle == null) {
      throw new RefusedCertificateException(
          UNKNOWN_TRUST_DOMAIN,
          principal.nativeName() + " is of a trust domain other than " + trust.keySet());
    }
    require(
        !bundle.authorities().contains(chain.get(0)),
        LEAF_IS_ANCHOR,
        principal.nativeName() + " is listed as an authority");
    List<X509Certificate> path = withoutAnchors(chain, bundle);
    for (X509Certificate signer : path.subList(1, path.size())) {
      checkSigner(signer, principal, now);
    }
    X509Certificate anchor = CertificatePath.validate(path, bundle, now);
    checkAnchor(anchor, principal, now);
    return new VerifiedPeer(principal, firstEnd(path, anchor));
  }

  /** Some peers send the root too; a path ends before its anchor (RFC 5280 section 6.1). */
  private static List<X509Certificate> withoutAnchors(
      List<X509Certificate> chain, TrustBundle bundle) {
    int length = 1;
    while (length < chain.size() && !bundle.authorities().contains(chain.get(length))) {
      length++;
    }
    return chain.subList(0, length);
  }

  private void checkSigner(X509Certificate signer, PrincipalId leaf, Instant now)
      throws RefusedCertificateException {
    String subject = ForeignText.quote(signer.getSubjectX500Principal().getName());
    require(signer.getBasicConstraints() >= 0, SIGNER_NOT_CA, subject + " is not an authority");
    boolean[] usage = signer.getKeyUsage();
    require(
        usage != null && usage[LeafRules.KEY_CERT_SIGN],
        SIGNER_KEY_USAGE,
        subject + " lacks keyCertSign");
    require(isValid(signer, now), SIGNER_NOT_VALID_NOW, subject + " is not valid at " + now);
    profile.signer(signer, leaf);
  }

  /** The JDK does not look at an anchor's own validity. */
  private void checkAnchor(X509Certificate anchor, PrincipalId leaf, Instant now)
      throws RefusedCertificateException {
    String subject = ForeignText.quote(anchor.getSubjectX500Principal().getName());
    require(isValid(anchor, now), ANCHOR_EXPIRED, subject + " is not valid at " + now);
    AlgorithmPolicy.checkKey(anchor.getPublicKey());
    profile.signer(anchor, leaf);
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && now.isBefore(certificate.getNotAfter().toInstant());
  }

  private static Instant firstEnd(List<X509Certificate> path, X509Certificate anchor) {
    Instant first = anchor.getNotAfter().toInstant();
    for (X509Certificate certificate : path) {
      Instant end = certificate.getNotAfter().toInstant();
      first = end.isBefore(first) ? end : first;
    }
    return first;
  }
}
