// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EXPIRED;
import static dev.serviceidentity.mtls.CertificateRejection.LEAF_IS_ANCHOR;
import static dev.serviceidentity.mtls.CertificateRejection.NOT_YET_VALID;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNATURE_INVALID;
import static dev.serviceidentity.mtls.CertificateRejection.UNKNOWN_TRUST_DOMAIN;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.mtls.source.TrustBundle;
import dev.serviceidentity.spi.ForeignText;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose certificate chain this is, or why it is nobody's. Cheap checks come first; the
 * trust bundle is chosen by the leaf's own trust domain before any path is built, so that no
 * authority can name workloads of another domain (X.509-SVID section 5.2).
 */
final class PeerVerifier {
  private final CertificateProfile profile;
  private final CertificatePath paths;

  /** Asks nobody whether a certificate is revoked. */
  PeerVerifier(CertificateProfile profile) {
    this(profile, null);
  }

  PeerVerifier(CertificateProfile profile, @Nullable Revocation revocation) {
    this.profile = profile;
    this.paths = new CertificatePath(revocation);
  }

  /** The same, asking nobody whether a certificate is revoked. */
  PeerVerifier unasked() {
    return new PeerVerifier(profile);
  }

  /** Everything but trust: form, name, algorithms and the leaf's validity. */
  PrincipalId identify(List<X509Certificate> chain, Instant now)
      throws RefusedCertificateException {
    PrincipalId principal = recognize(chain, now);
    checkAlgorithms(withoutRoot(chain));
    return principal;
  }

  private PrincipalId recognize(List<X509Certificate> chain, Instant now)
      throws RefusedCertificateException {
    ChainLimits.check(chain);
    X509Certificate leaf = chain.get(0);
    PrincipalId principal = profile.identify(leaf);
    require(
        !now.isBefore(leaf.getNotBefore().toInstant()),
        NOT_YET_VALID,
        () -> principal.nativeName() + " is valid from " + leaf.getNotBefore().toInstant());
    require(
        now.isBefore(leaf.getNotAfter().toInstant()),
        EXPIRED,
        () -> principal.nativeName() + " was valid until " + leaf.getNotAfter().toInstant());
    return principal;
  }

  VerifiedPeer verify(
      List<X509Certificate> chain, PeerRole role, Map<String, TrustBundle> trust, Instant now)
      throws RefusedCertificateException {
    PrincipalId principal = recognize(chain, now);
    profile.permit(chain.get(0), role);
    TrustBundle bundle = bundle(principal, trust);
    require(
        !bundle.authorities().contains(chain.get(0)),
        LEAF_IS_ANCHOR,
        () -> principal.nativeName() + " is listed as an authority");
    List<X509Certificate> path = withoutAnchors(chain, bundle);
    checkAlgorithms(path);
    for (X509Certificate signer : path.subList(1, path.size())) {
      AuthorityRules.checkSigner(signer, role, now);
      profile.signer(signer, principal);
    }
    X509Certificate anchor = anchor(path, bundle, principal, role, now);
    paths.checkRevocation(path, anchor, now);
    return new VerifiedPeer(principal, firstEnd(path, anchor));
  }

  /** Whose names these are, where somebody else has seen the certificate. */
  PrincipalId named(SubjectNames names, Map<String, TrustBundle> trust)
      throws RefusedCertificateException {
    PrincipalId principal = profile.named(names);
    bundle(principal, trust);
    return principal;
  }

  private static TrustBundle bundle(PrincipalId principal, Map<String, TrustBundle> trust)
      throws RefusedCertificateException {
    TrustBundle bundle = trust.get(principal.domain());
    if (bundle == null) {
      throw new RefusedCertificateException(
          UNKNOWN_TRUST_DOMAIN,
          principal.nativeName() + " is of a trust domain other than " + trust.keySet());
    }
    return bundle;
  }

  /** Of a path: how an anchor has signed itself proves nothing, whether it is sent or not. */
  private static void checkAlgorithms(List<X509Certificate> path)
      throws RefusedCertificateException {
    for (X509Certificate certificate : path) {
      AlgorithmPolicy.check(certificate);
    }
  }

  /** Of an own chain, whose anchor is whatever peers choose. */
  private static List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
    int last = chain.size() - 1;
    return last > 0 && NameConstraints.isSelfIssued(chain.get(last))
        ? chain.subList(0, last)
        : chain;
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

  /** Any authority of the issuer's name that permits it; there are two while a root is renewed. */
  private X509Certificate anchor(
      List<X509Certificate> path, TrustBundle bundle, PrincipalId leaf, PeerRole role, Instant now)
      throws RefusedCertificateException {
    X500Principal issuer = path.get(path.size() - 1).getIssuerX500Principal();
    RefusedCertificateException refusal = null;
    for (X509Certificate candidate : bundle.named(issuer)) {
      try {
        CertificatePath.validate(path, candidate, now);
        AuthorityRules.checkAnchor(candidate, role, now);
        profile.signer(candidate, leaf);
        CertificatePath.checkConstraints(path, candidate);
        return candidate;
      } catch (RefusedCertificateException e) {
        // One of the same name that has not signed it says least.
        if (refusal == null || refusal.rejection() == SIGNATURE_INVALID) {
          refusal = e;
        }
      }
    }
    if (refusal == null) {
      throw new RefusedCertificateException(
          CertificatePath.untrusted(path.get(0)),
          "There is no authority " + ForeignText.quote(issuer.getName()));
    }
    throw refusal;
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
