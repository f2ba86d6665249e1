// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.*;
import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.dns;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.source.TrustBundle;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What an authority says of itself binds it when it is listed in ca.crt, just as it does in a chain
 * below another one. The JDK's path validation takes an anchor's name and key, and nothing else.
 */
class AnchorRulesTest {
  private static final ASN1ObjectIdentifier PRIVATE = new ASN1ObjectIdentifier("1.3.6.1.4.1.9999");
  private static final PeerVerifier SVID = new PeerVerifier(new SvidProfile());
  private static final PeerVerifier DNS =
      new PeerVerifier(new PlainProfile("shop.example", PlainName.DNS));
  private static final Forged ROOT = authority("root").selfSigned();

  @TestFactory
  Stream<DynamicTest> nameConstraints() {
    Forged teamA = permitting(dns("team-a.example")).selfSigned();
    Forged below = permitting(dns("team-a.example")).signedBy(ROOT);
    Forged otherUri = permitting(uri("other.example")).selfSigned();
    Forged noShop = excluding(uri("shop.example")).selfSigned();
    Forged people = permitting(new GeneralName(new X500Name("O=Shop"))).selfSigned();
    Forged inPeople = authority("sub").subject("O=Shop").signedBy(people);
    Forged outsidePeople = authority("sub").signedBy(people);
    return Stream.of(
        refused("a DNS name", NAME_CONSTRAINTS, DNS, payments(teamA).with(), teamA),
        refused("an intermediate", NAME_CONSTRAINTS, DNS, payments(below).with(below), ROOT),
        refused(
            "an intermediate that is listed beside its root",
            NAME_CONSTRAINTS,
            DNS,
            payments(below).with(below),
            ROOT,
            below),
        refused("a URI", NAME_CONSTRAINTS, SVID, leaf().signedBy(otherUri).with(), otherUri),
        refused("an excluded URI", NAME_CONSTRAINTS, SVID, leaf().signedBy(noShop).with(), noShop),
        refused("a subject", NAME_CONSTRAINTS, SVID, leaf().signedBy(people).with(), people),
        refused(
            "the subject of an intermediate",
            NAME_CONSTRAINTS,
            SVID,
            leaf().subject("O=Shop,CN=web").signedBy(outsidePeople).with(outsidePeople),
            people),
        accepted(
            "subjects that are permitted",
            SVID,
            leaf().subject("O=Shop,CN=web").signedBy(inPeople).with(inPeople),
            people));
  }

  @TestFactory
  Stream<DynamicTest> permittedNames() {
    Forged shop = permitting(uri("shop.example")).selfSigned();
    Forged finance = permitting(dns("finance")).selfSigned();
    Forged elsewhere = permitting(uri("other.example")).signedBy(ROOT);
    return Stream.of(
        accepted("a URI", SVID, leaf().signedBy(shop).with(), shop),
        accepted("a DNS name", DNS, payments(finance).with(), finance),
        accepted(
            "a name that is constrained by an authority of others only",
            SVID,
            leaf().signedBy(ROOT).with(),
            ROOT,
            elsewhere));
  }

  /** What cannot be compared with the constraints must not pass under them. */
  @TestFactory
  Stream<DynamicTest> namesThatCannotBeConstrained() {
    Forged other = excluding(uri("other.example")).selfSigned();
    Forged broken =
        authority("broken").extension(Extension.nameConstraints, false, new byte[0]).selfSigned();
    Forged brokenBelow =
        authority("broken").extension(Extension.nameConstraints, false, new byte[0]).signedBy(ROOT);
    Forged kinds = excluding(userName("root")).selfSigned();
    Forged kindsBelow = excluding(userName("root")).signedBy(ROOT);
    Forged kindsPermitted = permitting(userName("root")).signedBy(ROOT);
    return Stream.of(
        refused(
            "a name that the JDK cannot read",
            NAME_CONSTRAINTS,
            SVID,
            leaf()
                .names(false, uri(Draft.WEB), new GeneralName(GeneralName.rfc822Name, "x@"))
                .signedBy(other)
                .with(),
            other),
        refused(
            "a URI without a host name",
            NAME_CONSTRAINTS,
            DNS,
            leaf().names(false, dns("web.shop"), uri("urn:web")).signedBy(other).with(),
            other),
        refused(
            "constraints that cannot be read",
            NAME_CONSTRAINTS,
            SVID,
            leaf().signedBy(broken).with(),
            broken),
        refused(
            "constraints of an intermediate that cannot be read",
            NAME_CONSTRAINTS,
            SVID,
            leaf().signedBy(brokenBelow).with(brokenBelow),
            ROOT),
        refused(
            "a kind of name that the JDK cannot compare",
            NAME_CONSTRAINTS,
            SVID,
            leaf().names(false, uri(Draft.WEB), userName("web")).signedBy(kinds).with(),
            kinds),
        refused(
            "a kind of name that an intermediate excludes and the JDK cannot compare",
            NAME_CONSTRAINTS,
            SVID,
            leaf()
                .names(false, uri(Draft.WEB), userName("web"))
                .signedBy(kindsBelow)
                .with(kindsBelow),
            ROOT),
        refused(
            "a kind of name that an intermediate permits and the JDK cannot compare",
            NAME_CONSTRAINTS,
            SVID,
            leaf()
                .names(false, uri(Draft.WEB), userName("web"))
                .signedBy(kindsPermitted)
                .with(kindsPermitted),
            ROOT));
  }

  @TestFactory
  Stream<DynamicTest> pathLengths() {
    Forged root = authority("short").pathLength(0).selfSigned();
    Forged below = authority("below").signedBy(root);
    Forged again = authority("short").signedBy(root);
    return Stream.of(
        refused("one too many", PATH_LENGTH, SVID, leaf().signedBy(below).with(below), root),
        accepted("none", SVID, leaf().signedBy(root).with(), root),
        accepted(
            "a self-issued one, which does not count",
            SVID,
            leaf().signedBy(again).with(again),
            root));
  }

  @TestFactory
  Stream<DynamicTest> usages() {
    Forged noSign = authority("a").keyUsage(true, KeyUsage.digitalSignature).selfSigned();
    Forged noUsage = authority("a").without(Extension.keyUsage).selfSigned();
    Forged noCa = authority("a").ca(false).selfSigned();
    Forged version1 = authority("a").version1SignedBy(ROOT);
    Forged mail = authority("a").purposes(KeyPurposeId.id_kp_emailProtection).selfSigned();
    return Stream.of(
        refused("no keyCertSign", SIGNER_KEY_USAGE, SVID, leaf().signedBy(noSign).with(), noSign),
        accepted("no key usage", SVID, leaf().signedBy(noUsage).with(), noUsage),
        refused("CA:FALSE", SIGNER_NOT_CA, SVID, leaf().signedBy(noCa).with(), noCa),
        refused("version 1", SIGNER_NOT_CA, SVID, leaf().signedBy(version1).with(), version1),
        refused("mail only", SIGNER_PURPOSE, SVID, leaf().signedBy(mail).with(), mail));
  }

  @TestFactory
  Stream<DynamicTest> criticalExtensions() {
    Forged unknown =
        authority("a").extension(PRIVATE, true, Draft.encoded(DERNull.INSTANCE)).selfSigned();
    Forged policy =
        authority("a")
            .extension(
                Extension.policyConstraints,
                true,
                Draft.encoded(new PolicyConstraints(java.math.BigInteger.ZERO, null)))
            .selfSigned();
    Forged harmless =
        authority("a").extension(PRIVATE, false, Draft.encoded(DERNull.INSTANCE)).selfSigned();
    return Stream.of(
        refused(
            "unknown", UNKNOWN_CRITICAL_EXTENSION, SVID, leaf().signedBy(unknown).with(), unknown),
        refused(
            "known, and not applied to anchors",
            UNKNOWN_CRITICAL_EXTENSION,
            SVID,
            leaf().signedBy(policy).with(),
            policy),
        accepted("not critical", SVID, leaf().signedBy(harmless).with(), harmless));
  }

  @TestFactory
  Stream<DynamicTest> purposesOfIntermediates() {
    Forged mail = purposes(KeyPurposeId.id_kp_emailProtection);
    Forged server = purposes(KeyPurposeId.id_kp_serverAuth);
    Forged client = purposes(KeyPurposeId.id_kp_clientAuth);
    Forged any = purposes(KeyPurposeId.anyExtendedKeyUsage);
    return Stream.of(
        refused("mail", SIGNER_PURPOSE, SVID, leaf().signedBy(mail).with(mail), ROOT),
        refused("servers only", SIGNER_PURPOSE, SVID, leaf().signedBy(server).with(server), ROOT),
        accepted("clients", SVID, leaf().signedBy(client).with(client), ROOT),
        accepted("any", SVID, leaf().signedBy(any).with(any), ROOT));
  }

  /** As when a root is renewed with its key: whichever of the two is good is good enough. */
  @Test
  void ofTwoAnchorsOfOneNameAndKeyTheOneThatPermitsItCounts() throws Exception {
    KeyPair keys = Draft.ec("secp256r1");
    Forged old =
        authority("root").keys(keys).validity(NOW.minus(Duration.ofDays(9)), NOW).selfSigned();
    Forged narrow = permitting(uri("other.example")).subject("CN=root").keys(keys).selfSigned();
    Forged good = authority("root").keys(keys).selfSigned();
    Forged stranger = authority("root").selfSigned();
    List<X509Certificate> chain = leaf().signedBy(good).with();

    assertThat(verify(SVID, chain, old, stranger, narrow, good).principal())
        .hasToString("mtls:" + Draft.WEB);
    assertThat(verify(SVID, chain, good, narrow, stranger, old).principal())
        .hasToString("mtls:" + Draft.WEB);
  }

  private static DynamicTest refused(
      String name,
      CertificateRejection reason,
      PeerVerifier verifier,
      List<X509Certificate> chain,
      Forged... anchors) {
    return dynamicTest(
        name,
        () ->
            assertThat(
                    catchThrowableOfType(
                        RefusedCertificateException.class, () -> verify(verifier, chain, anchors)))
                .isNotNull()
                .extracting(RefusedCertificateException::rejection)
                .isEqualTo(reason));
  }

  private static DynamicTest accepted(
      String name, PeerVerifier verifier, List<X509Certificate> chain, Forged... anchors) {
    return dynamicTest(name, () -> assertThat(verify(verifier, chain, anchors)).isNotNull());
  }

  private static VerifiedPeer verify(
      PeerVerifier verifier, List<X509Certificate> chain, Forged... anchors)
      throws RefusedCertificateException {
    List<X509Certificate> authorities = Stream.of(anchors).map(Forged::certificate).toList();
    return verifier.verify(
        chain,
        PeerRole.CLIENT,
        Map.of("shop.example", TrustBundle.of("shop.example", authorities)),
        NOW);
  }

  private static Forged payments(Forged issuer) {
    return leaf().names(false, dns("payments.finance")).signedBy(issuer);
  }

  private static Forged purposes(KeyPurposeId purpose) {
    return authority("purpose").purposes(purpose).signedBy(ROOT);
  }

  private static Draft permitting(GeneralName name) {
    return constrained(new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(name)}, null));
  }

  private static Draft excluding(GeneralName name) {
    return constrained(new NameConstraints(null, new GeneralSubtree[] {new GeneralSubtree(name)}));
  }

  private static Draft constrained(NameConstraints constraints) {
    return authority("constrained")
        .extension(Extension.nameConstraints, true, Draft.encoded(constraints));
  }

  /** A name of the kind that Windows puts into certificates of users. */
  private static GeneralName userName(String name) {
    var value = new DERTaggedObject(true, 0, new DERUTF8String(name));
    return new GeneralName(
        GeneralName.otherName,
        new OtherName(new ASN1ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), value.getBaseObject()));
  }
}
