// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EXTENDED_KEY_USAGE;
import static dev.serviceidentity.mtls.CertificateRejection.NO_DNS_NAME;
import static dev.serviceidentity.mtls.CertificateRejection.SEVERAL_DNS_NAMES;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Certificates of an ordinary authority: the one DNS name is who it is. The trust domain is not in
 * the certificate; it is the name that the configuration gives to everything this authority issues.
 */
record DnsProfile(String trustDomain) implements CertificateProfile {
  @Override
  public PrincipalId identify(X509Certificate leaf) throws RefusedCertificateException {
    LeafRules.check(leaf);
    return named(SubjectNames.of(leaf));
  }

  @Override
  public PrincipalId named(SubjectNames subject) throws RefusedCertificateException {
    List<String> names = subject.dnsNames();
    require(!names.isEmpty(), NO_DNS_NAME, "The leaf has no DNS name");
    require(names.size() == 1, SEVERAL_DNS_NAMES, "There are " + names.size() + " DNS names");
    return new PrincipalId(MechanismName.MTLS, trustDomain, "dns:" + DnsName.parse(names.get(0)));
  }

  @Override
  public void permit(X509Certificate leaf, PeerRole role) throws RefusedCertificateException {
    List<String> purposes = LeafRules.purposes(leaf);
    require(
        purposes == null || purposes.contains(role.keyPurpose()),
        EXTENDED_KEY_USAGE,
        "The extended key usage is " + purposes);
  }

  @Override
  public void signer(X509Certificate signer, PrincipalId leaf) {
    // An ordinary authority's names mean nothing here; its name constraints do, in the path.
  }
}
