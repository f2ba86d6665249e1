// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.der.SubjectNames;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** What a certificate must look like, and where in it the name is. */
sealed interface CertificateProfile permits SvidProfile, PlainProfile {
  /** The profile for a kind of name, or for SPIFFE IDs if there is none. */
  static CertificateProfile of(@Nullable PlainName kind, String trustDomain) {
    return kind == null ? new SvidProfile() : new PlainProfile(trustDomain, kind);
  }

  /** Checks a leaf by itself, for whichever end it speaks, and says whose it claims to be. */
  PrincipalId identify(X509Certificate leaf) throws RefusedCertificateException;

  /** Says whose these names are, with or without the certificate that has them. */
  PrincipalId named(SubjectNames names) throws RefusedCertificateException;

  /** Checks that a leaf may speak for one end. */
  void permit(X509Certificate leaf, PeerRole role) throws RefusedCertificateException;

  /** Checks the name of a certificate that signs others, trust anchors included. */
  void signer(X509Certificate signer, PrincipalId leaf) throws RefusedCertificateException;
}
