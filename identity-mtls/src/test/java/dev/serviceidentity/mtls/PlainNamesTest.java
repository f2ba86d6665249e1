// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.dns;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.mtls.source.TrustBundle;
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
  private static final PeerVerifier VERIFIER =
      new PeerVerifier(new PlainProfile("shop.example", PlainName.DNS));

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

  @Test
  void theOneUriIsThePrincipalAsItIsWritten() throws Exception {
    assertThat(principal(PlainName.URI, leaf().id("https://Shop.example/a@b?c#d")))
        .hasToString("mtls:uri:https://Shop.example/a@b?c#d@shop.example")
        .isEqualTo(PrincipalId.parse("mtls:uri:https://Shop.example/a@b?c#d@shop.example"));
    assertThat(principal(PlainName.URI, leaf().id("urn:web")).name()).isEqualTo("uri:urn:web");
  }

  @Test
  void aUriIsAskedForOnceAndOnlyOnce() {
    assertThat(rejection(PlainName.URI, leaf().names(false, dns("web.shop"))))
        .isEqualTo(CertificateRejection.NO_URI_NAME);
    assertThat(rejection(PlainName.URI, leaf().names(false, uri("urn:a"), uri("urn:b"))))
        .isEqualTo(CertificateRejection.SEVERAL_URI_NAMES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "/web",
        "1:web",
        "urn:",
        "urn:w b",
        "urn:w\u0000",
        "urn:\"",
        Draft.WEB,
        "SPIFFE:x"
      })
  void whatIsNoAbsoluteUriOrASpiffeIdIsRefused(String uri) {
    assertThat(rejection(PlainName.URI, leaf().id(uri)))
        .isEqualTo(CertificateRejection.URI_NAME_INVALID);
  }

  @Test
  void theSubjectIsThePrincipalInVisibleAscii() throws Exception {
    Draft draft = leaf().without(Extension.subjectAlternativeName);

    assertThat(principal(PlainName.SUBJECT, draft.subject("C=CH,O=Shop,CN=web")))
        .hasToString("mtls:subject:CN=web,O=Shop,C=CH@shop.example");
    assertThat(principal(PlainName.SUBJECT, draft.subject("CN=50% f\u00fcr web")).name())
        .isEqualTo("subject:CN=50%25%20f%C3%BCr%20web");
    assertThat(principal(PlainName.SUBJECT, draft.subject("CN=web\\,O=Shop")))
        .isNotEqualTo(principal(PlainName.SUBJECT, draft.subject("CN=web,O=Shop")));
  }

  @Test
  void anEmptyOrEndlessSubjectIsRefused() {
    Draft empty = leaf().subject("").names(true, uri("urn:a"));

    assertThat(rejection(PlainName.SUBJECT, empty)).isEqualTo(CertificateRejection.SUBJECT_INVALID);
    assertThat(
            rejection(
                PlainName.SUBJECT, leaf().subject("CN=web" + (",OU=" + "a".repeat(60)).repeat(40))))
        .isEqualTo(CertificateRejection.SUBJECT_INVALID);
  }

  @Test
  void aCertificateHasOneKindOfName() {
    assertThatIllegalStateException()
        .isThrownBy(() -> MtlsIdentity.builder().dnsNames().uriNames())
        .withMessageContaining("choose one of");
    assertThat(MtlsIdentity.builder().subjectNames().subjectNames()).isNotNull();
  }

  private static PrincipalId principal(PlainName kind, Draft draft)
      throws RefusedCertificateException {
    return new PeerVerifier(new PlainProfile("shop.example", kind))
        .verify(
            draft.signedBy(ROOT).with(),
            PeerRole.CLIENT,
            Map.of("shop.example", TrustBundle.of("shop.example", ROOT.with())),
            NOW)
        .principal();
  }

  private static CertificateRejection rejection(PlainName kind, Draft draft) {
    return catchThrowableOfType(RefusedCertificateException.class, () -> principal(kind, draft))
        .rejection();
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
