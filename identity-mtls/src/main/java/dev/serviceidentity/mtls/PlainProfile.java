// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EXTENDED_KEY_USAGE;
import static dev.serviceidentity.mtls.CertificateRejection.NAMES_OF_TWO_KINDS;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.der.SubjectNames;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Certificates of an ordinary authority: one kind of name is who it is. The trust domain is not in
 * the certificate; it is the name that the configuration gives to everything this authority issues.
 */
record PlainProfile(String trustDomain, PlainName kind) implements CertificateProfile {
  @Override
  public PrincipalId identify(X509Certificate leaf) throws RefusedCertificateException {
    LeafRules.check(leaf);
    return new PrincipalId(MechanismName.MTLS, trustDomain, kind.of(leaf));
  }

  @Override
  public PrincipalId named(SubjectNames names) throws RefusedCertificateException {
    require(
        names.uris().isEmpty() || names.dnsNames().isEmpty(),
        NAMES_OF_TWO_KINDS,
        "There are URI and DNS names, and no certificate that has them");
    return new PrincipalId(MechanismName.MTLS, trustDomain, kind.of(names));
  }

  @Override
  public void permit(X509Certificate leaf, PeerRole role) throws RefusedCertificateException {
    List<String> purposes = Usages.of(leaf).purposes();
    require(
        purposes == null || purposes.contains(role.keyPurpose()),
        EXTENDED_KEY_USAGE,
        () -> "The extended key usage is not for a TLS " + role);
  }

  @Override
  public void signer(X509Certificate signer, PrincipalId leaf) {
    // An ordinary authority's names mean nothing here; its name constraints do, in the path.
  }
}
