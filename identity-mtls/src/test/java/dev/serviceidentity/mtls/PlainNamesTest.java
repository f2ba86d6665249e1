// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.dns;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that are known by another name than a SPIFFE ID. */
class PlainNamesTest {
  private static final Draft.Forged ROOT = Draft.authority("root").selfSigned();
  private static final PeerVerifier VERIFIER = new PeerVerifier(new PlainProfile("shop.example", PlainName.DNS));

  @Test
  void theOneDnsNameInLowerCaseIsThePrincipal() throws Exception {
    Draft draft =
        leaf().names(false, dns("Web.Shop"), new GeneralName(GeneralName.iPAddress, "::1"));

    assertThat(verify(draft, PeerRole.CLIENT).principal())
        .hasToString("mtls:dns:web.shop@shop.example");
  }

  @Test
  void aKeyUsageIsNotAskedFor() throws Exception {
    Draft draft = named("web.shop").without(Extension.keyUsage);

    assertThat(verify(draft, PeerRole.SERVER).principal().name()).isEqualTo("dns:web.shop");
  }

  @Test
  void thePurposeOfItsOwnEndIsEnough() throws Exception {
    Draft draft = named("web.shop").purposes(KeyPurposeId.id_kp_clientAuth);

    assertThat(verify(draft, PeerRole.CLIENT).principal().name()).isEqualTo("dns:web.shop");
    assertThat(rejection(draft, PeerRole.SERVER))
        .isEqualTo(CertificateRejection.EXTENDED_KEY_USAGE);
  }

  @Test
  void aSpiffeIdIsNoDnsName() {
    assertThat(rejection(leaf().names(false, uri(Draft.WEB)), PeerRole.CLIENT))
        .isEqualTo(CertificateRejection.NO_DNS_NAME);
  }

  @Test
  void twoDnsNamesAreTwoPeople() {
    assertThat(rejection(leaf().names(false, dns("a.shop"), dns("b.shop")), PeerRole.CLIENT))
        .isEqualTo(CertificateRejection.SEVERAL_DNS_NAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.shop", "web.shop.", "-web.shop", "web..shop", "w_b.shop", "web shop"})
  void whatIsNoFullHostNameIsRefused(String name) {
    assertThat(rejection(named(name), PeerRole.CLIENT))
        .isEqualTo(CertificateRejection.DNS_NAME_INVALID);
  }

  private static Draft named(String name) {
    return leaf().names(false, dns(name));
  }

  private static VerifiedPeer verify(Draft draft, PeerRole role)
      throws RefusedCertificateException {
    return VERIFIER.verify(
        draft.signedBy(ROOT).with(),
        role,
        Map.of("shop.example", TrustBundle.of("shop.example", ROOT.with())),
        NOW);
  }

  private static CertificateRejection rejection(Draft draft, PeerRole role) {
    return catchThrowableOfType(RefusedCertificateException.class, () -> verify(draft, role))
        .rejection();
  }
}
