// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.EXTENDED_KEY_USAGE;
import static dev.serviceidentity.mtls.CertificateRejection.ID_WITHOUT_PATH;
import static dev.serviceidentity.mtls.CertificateRejection.KEY_USAGE_NOT_CRITICAL;
import static dev.serviceidentity.mtls.CertificateRejection.NO_DIGITAL_SIGNATURE;
import static dev.serviceidentity.mtls.CertificateRejection.NO_URI_NAME;
import static dev.serviceidentity.mtls.CertificateRejection.SEVERAL_URI_NAMES;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_HAS_PATH;
import static dev.serviceidentity.mtls.CertificateRejection.SIGNER_OF_OTHER_DOMAIN;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.der.Extensions;
import dev.serviceidentity.mtls.der.SubjectNames;
import java.security.cert.X509Certificate;
import java.util.List;

/** The X.509-SVID profile: one URI name, which is a SPIFFE ID, and the usages of section 4. */
final class SvidProfile implements CertificateProfile {
  @Override
  public PrincipalId identify(X509Certificate leaf) throws RefusedCertificateException {
    Usages usages = LeafRules.check(leaf);
    require(usages.keyUsage() != null, NO_DIGITAL_SIGNATURE, "The leaf has no key usage");
    require(
        Extensions.critical(leaf).contains(Usages.KEY_USAGE),
        KEY_USAGE_NOT_CRITICAL,
        "The leaf's key usage is not critical");
    return named(CertificateNames.of(leaf));
  }

  @Override
  public PrincipalId named(SubjectNames names) throws RefusedCertificateException {
    SpiffeId id = only(names.uris());
    require(!id.path().isEmpty(), ID_WITHOUT_PATH, () -> "The leaf's ID is " + id);
    return new PrincipalId(MechanismName.MTLS, id.trustDomain(), id.path());
  }

  /** X.509-SVID section 4.4 wants both purposes wherever the extension is present. */
  @Override
  public void permit(X509Certificate leaf, PeerRole role) throws RefusedCertificateException {
    List<String> purposes = Usages.of(leaf).purposes();
    require(
        purposes == null
            || purposes.containsAll(
                List.of(PeerRole.CLIENT.keyPurpose(), PeerRole.SERVER.keyPurpose())),
        EXTENDED_KEY_USAGE,
        "The extended key usage is not for both ends of TLS");
  }

  @Override
  public void signer(X509Certificate signer, PrincipalId leaf) throws RefusedCertificateException {
    List<String> uris = CertificateNames.of(signer).uris();
    if (uris.isEmpty()) {
      return;
    }
    SpiffeId id = only(uris);
    require(id.path().isEmpty(), SIGNER_HAS_PATH, () -> "The signing certificate's ID is " + id);
    require(
        id.trustDomain().equals(leaf.domain()),
        SIGNER_OF_OTHER_DOMAIN,
        () -> "The signing certificate's ID is " + id + ", the leaf's " + leaf.nativeName());
  }

  private static SpiffeId only(List<String> uris) throws RefusedCertificateException {
    return SpiffeId.read(CertificateNames.only(uris, NO_URI_NAME, SEVERAL_URI_NAMES, "URI name"));
  }
}
