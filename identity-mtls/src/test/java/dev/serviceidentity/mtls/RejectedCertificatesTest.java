// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.*;
import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.WEB;
import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.dns;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.serviceidentity.mtls.Draft.Forged;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What must be rejected, in the order and with the numbers of the module's design. 37 and 39 need a
 * handshake and are in {@link MutualTlsTest}, 38 is in {@link CertificateCallersTest}.
 */
class RejectedCertificatesTest {
  private static final Forged ROOT = authority("root").selfSigned();
  private static final Forged OTHER_ROOT = authority("other root").selfSigned();
  private static final ASN1ObjectIdentifier PRIVATE_EXTENSION =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
  private static final Duration DAY = Duration.ofDays(1);
  private static final KeyPurposeId[] PURPOSES = {
    KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
  };

  /** Makes the JDK drop the whole name extension (17), or throw when asked for it (25). */
  private static final GeneralName UNREADABLE_MAIL = new GeneralName(GeneralName.rfc822Name, "x@");

  private static final PeerVerifier VERIFIER = new PeerVerifier(new SvidProfile());
  private static final Map<String, TrustBundle> TRUST =
      Map.of(
          "shop.example", TrustBundle.of("shop.example", ROOT.with()),
          "b.example", TrustBundle.of("b.example", OTHER_ROOT.with()));

  @TestFactory
  Stream<DynamicTest> names() {
    return Stream.of(
        refused("1 wrong trust domain", UNKNOWN_TRUST_DOMAIN, id("spiffe://elsewhere.example/web")),
        refused(
            "1 issued by another domain's bundle", UNTRUSTED_ISSUER, id("spiffe://b.example/web")),
        refused("2 two SPIFFE URI names", SEVERAL_URI_NAMES, two(uri(WEB + "2"))),
        refused(
            "3 SPIFFE and another URI name", SEVERAL_URI_NAMES, two(uri("https://shop.example/"))),
        refused("4 no URI name", NO_URI_NAME, leaf().names(false, dns("web.shop"))),
        refused(
            "4 no alternative name", NO_URI_NAME, leaf().without(Extension.subjectAlternativeName)),
        refused("5 other scheme", ID_SCHEME, id("https://shop.example/ns/shop/sa/web")),
        refused("6 query", ID_QUERY, id(WEB + "?a=b")),
        refused("7 fragment", ID_FRAGMENT, id(WEB + "#a")),
        refused("8 port", ID_PORT, id("spiffe://shop.example:443/web")),
        refused("9 user info", ID_USER_INFO, id("spiffe://web@shop.example/web")),
        refused("10 upper-case trust domain", ID_TRUST_DOMAIN, id("spiffe://Shop.example/web")),
        refused("10 empty trust domain", ID_TRUST_DOMAIN, id("spiffe:///web")),
        refused("11 upper-case scheme", ID_SCHEME, id("SPIFFE://shop.example/web")),
        refused("12 percent-encoding", ID_PERCENT_ENCODING, id("spiffe://shop.example/w%65b")),
        refused("13 empty segment", ID_PATH_SEGMENT, id("spiffe://shop.example/ns//web")),
        refused("13 dot", ID_PATH_SEGMENT, id("spiffe://shop.example/./web")),
        refused("13 dot dot", ID_PATH_SEGMENT, id("spiffe://shop.example/ns/../web")),
        refused("13 trailing slash", ID_PATH_SEGMENT, id("spiffe://shop.example/web/")),
        refused("14 space", ID_CHARACTERS, id("spiffe://shop.example/w b")),
        refused("14 NUL", ID_CHARACTERS, id("spiffe://shop.example/web\u0000")),
        refused("14 non-ASCII", ID_CHARACTERS, rawUri("spiffe://shop.example/w", "c3a4")),
        refused(
            "15 trust domain over 255", ID_TOO_LONG, id("spiffe://" + "a".repeat(256) + "/web")),
        refused("15 ID over 2048", ID_TOO_LONG, id("spiffe://shop.example/" + "a".repeat(2027))),
        refused("16 root path as leaf", ID_WITHOUT_PATH, id("spiffe://shop.example")));
  }

  @TestFactory
  Stream<DynamicTest> leaves() throws Exception {
    return Stream.of(
        refused("17 CA:TRUE", LEAF_IS_CA, leaf().ca(true)),
        refused("18 keyCertSign", LEAF_SIGNS_CERTIFICATES, usage(KeyUsage.keyCertSign)),
        refused("19 cRLSign", LEAF_SIGNS_REVOCATIONS, usage(KeyUsage.cRLSign)),
        refused("20 no key usage", NO_DIGITAL_SIGNATURE, leaf().without(Extension.keyUsage)),
        refused(
            "20 no digitalSignature",
            NO_DIGITAL_SIGNATURE,
            leaf().keyUsage(true, KeyUsage.keyAgreement)),
        refused(
            "21 other purpose",
            EXTENDED_KEY_USAGE,
            leaf().purposes(KeyPurposeId.id_kp_codeSigning)),
        refused(
            "21 one purpose of two",
            EXTENDED_KEY_USAGE,
            leaf().purposes(KeyPurposeId.id_kp_clientAuth)),
        refused("22 expired", EXPIRED, leaf().validity(NOW.minus(DAY), NOW)),
        refused(
            "23 not yet valid", NOT_YET_VALID, leaf().validity(NOW.plusSeconds(1), NOW.plus(DAY))),
        refused("29 RSA-1024", WEAK_KEY, leaf().keys(Draft.keys("RSA", 1024))),
        refused("29 unknown curve", WEAK_KEY, leaf().keys(brainpool())),
        refused(
            "31 unknown critical extension",
            UNKNOWN_CRITICAL_EXTENSION,
            leaf().extension(PRIVATE_EXTENSION, true, Draft.encoded(DERNull.INSTANCE))),
        refused("40 negative serial", SERIAL_NOT_POSITIVE, leaf().serial(-1)),
        refused("40 serial zero", SERIAL_NOT_POSITIVE, leaf().serial(0)),
        refused("40 version 1", NOT_VERSION_3, leaf().version1SignedBy(ROOT).with()),
        refused("63 SPIFFE text in a DNS name", NO_URI_NAME, leaf().names(false, dns(WEB))),
        refused(
            "63 SPIFFE text in an e-mail name",
            NO_URI_NAME,
            leaf().names(false, new GeneralName(GeneralName.rfc822Name, WEB))),
        refused("64 cut-off name", NAME_MALFORMED, rawName("3003860566")),
        refused("64 bytes after the names", NAME_MALFORMED, rawName("3003860161" + "00")),
        refused("64 no names", NAME_MALFORMED, rawName("3000")),
        refused(
            "65 key usage not critical",
            KEY_USAGE_NOT_CRITICAL,
            leaf().keyUsage(false, KeyUsage.digitalSignature)));
  }

  @TestFactory
  Stream<DynamicTest> chains() {
    Forged short1 = authority("short").pathLength(0).signedBy(ROOT);
    Forged below = authority("below").signedBy(short1);
    Forged notCa = authority("not ca").ca(false).signedBy(ROOT);
    Forged noSign = authority("no sign").keyUsage(true, KeyUsage.digitalSignature).signedBy(ROOT);
    Forged noUsage = authority("no usage").without(Extension.keyUsage).signedBy(ROOT);
    Forged path = authority("path").id("spiffe://shop.example/ca").signedBy(ROOT);
    Forged foreign = authority("foreign").id("spiffe://b.example").signedBy(ROOT);
    Forged old = authority("old").validity(NOW.minus(DAY), NOW.minusSeconds(1)).signedBy(ROOT);
    Forged excluding = constrained(null, subtree("shop.example"));
    Forged permitting = constrained(subtree("elsewhere.example"), null);
    Forged good = authority("good").signedBy(ROOT);
    return Stream.of(
        refused("24 path length", PATH_LENGTH, leaf().signedBy(below).with(below, short1)),
        refused("25 intermediate is no CA", SIGNER_NOT_CA, leaf().signedBy(notCa).with(notCa)),
        refused("25 no keyCertSign", SIGNER_KEY_USAGE, leaf().signedBy(noSign).with(noSign)),
        refused("26 excluded URI", NAME_CONSTRAINTS, leaf().signedBy(excluding).with(excluding)),
        refused("26 not permitted", NAME_CONSTRAINTS, leaf().signedBy(permitting).with(permitting)),
        refused(
            "26 name that hides from the constraints",
            NAME_CONSTRAINTS,
            two(UNREADABLE_MAIL).signedBy(excluding).with(excluding)),
        refused(
            "27 signing certificate with a path",
            SIGNER_HAS_PATH,
            leaf().signedBy(path).with(path)),
        refused(
            "28 intermediate of another trust domain",
            SIGNER_OF_OTHER_DOMAIN,
            leaf().signedBy(foreign).with(foreign)),
        refused("22 expired intermediate", SIGNER_NOT_VALID_NOW, leaf().signedBy(old).with(old)),
        refused("33 more than 10", CHAIN_TOO_LONG, deep(11)),
        refused(
            "33 more than 64 KiB",
            CHAIN_TOO_LARGE,
            leaf().extension(PRIVATE_EXTENSION, false, new byte[65 * 1024]).signedBy(ROOT).with()),
        refused("33 duplicates", CHAIN_REPEATS, leaf().signedBy(good).with(good, good)),
        refused("33 unrelated certificate", CHAIN_UNRELATED, leaf().signedBy(ROOT).with(good)),
        refused("33 missing intermediate", UNTRUSTED_ISSUER, leaf().signedBy(good).with()),
        refused("36 self-signed", SELF_SIGNED, leaf().selfSigned().with()),
        refused("1 unknown authority", UNTRUSTED_ISSUER, leaf().signedBy(OTHER_ROOT).with()),
        refused(
            "1 authority of the same name",
            SIGNATURE_INVALID,
            leaf().signedBy(authority("root").selfSigned()).with()),
        refused(
            "65 CA without key usage", SIGNER_KEY_USAGE, leaf().signedBy(noUsage).with(noUsage)));
  }

  @TestFactory
  Stream<DynamicTest> anchors() {
    Forged rsa = rsaRoot(2048);
    Forged expired = authority("old root").validity(NOW.minus(DAY), NOW).selfSigned();
    Forged path = authority("path root").id("spiffe://shop.example/ca").selfSigned();
    Forged leaf = leaf().signedBy(ROOT);
    return Stream.of(
        refused("29 SHA-1", WEAK_SIGNATURE, rsa, leaf().signature("SHA1withRSA").signedBy(rsa)),
        refused("34 expired anchor", ANCHOR_EXPIRED, expired, leaf().signedBy(expired)),
        refused("35 leaf pinned as anchor", LEAF_IS_ANCHOR, leaf, leaf),
        refused("65 CA with a path", SIGNER_HAS_PATH, path, leaf().signedBy(path)));
  }

  @TestFactory
  Stream<DynamicTest> accepted() {
    Forged intermediate = authority("good").id("spiffe://shop.example").signedBy(ROOT);
    Forged rsa = rsaRoot(2048);
    Draft pss = leaf().signature("SHA256withRSAandMGF1");
    return Stream.of(
        accepts("a leaf", ROOT, leaf().signedBy(ROOT).with()),
        accepts("an intermediate", ROOT, leaf().signedBy(intermediate).with(intermediate)),
        accepts("the root sent too", ROOT, leaf().signedBy(ROOT).with(ROOT)),
        accepts("both purposes", ROOT, leaf().purposes(PURPOSES).signedBy(ROOT).with()),
        accepts(
            "an RSA-2048 key", ROOT, leaf().keys(Draft.keys("RSA", 2048)).signedBy(ROOT).with()),
        accepts(
            "an Ed25519 key", ROOT, leaf().keys(Draft.keys("Ed25519", 0)).signedBy(ROOT).with()),
        accepts("a PSS signature", rsa, pss.signedBy(rsa).with()),
        accepts(
            "an empty subject with a critical name",
            ROOT,
            leaf().subject("").names(true, uri(WEB)).signedBy(ROOT).with()),
        accepts(
            "63 a good URI beside SPIFFE text elsewhere",
            ROOT,
            two(dns("spiffe://evil.example/x")).signedBy(ROOT).with()),
        accepts(
            "63 a good URI beside what the JDK cannot read",
            ROOT,
            two(UNREADABLE_MAIL).signedBy(ROOT).with()),
        accepts(
            "the last instant of validity",
            ROOT,
            leaf().validity(NOW.minus(DAY), NOW.plusSeconds(1)).signedBy(ROOT).with()));
  }

  /**
   * An underscore is good in a trust domain and is none in a host name; the JDK stumbles over it.
   */
  @Test
  void aTrustDomainThatIsNoHostNameCannotBeConstrained_26() {
    Forged constrained = constrained(null, subtree("elsewhere.example"));
    List<X509Certificate> chain =
        id("spiffe://my_domain/web").signedBy(constrained).with(constrained);

    assertThat(rejection(chain, Map.of("my_domain", TrustBundle.of("my_domain", ROOT.with()))))
        .isEqualTo(NAME_CONSTRAINTS);
  }

  @Test
  void duplicateExtensionsAreNotEvenParsed_30() {
    byte[] nothing = Draft.encoded(DERNull.INSTANCE);
    ASN1ObjectIdentifier second = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2");
    X509Certificate two =
        leaf()
            .extension(PRIVATE_EXTENSION, false, nothing)
            .extension(second, false, nothing)
            .signedBy(ROOT)
            .certificate();
    String twice =
        hex(Draft.der(two))
            .replace(hex(Draft.encoded(second)), hex(Draft.encoded(PRIVATE_EXTENSION)));

    assertThatThrownBy(() -> Draft.read(HexFormat.of().parseHex(twice)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEmptySubjectNeedsACriticalName_32() throws Exception {
    byte[] der = leaf().subject("").derSignedBy(ROOT);
    // The JDK refuses to parse it. Certificates of other TLS providers have other parsers.
    X509Certificate leaf =
        Draft.read(der, CertificateFactory.getInstance("X.509", new BouncyCastleProvider()));

    assertThatThrownBy(() -> Draft.read(der)).isInstanceOf(IllegalArgumentException.class);
    assertThat(rejection(List.of(leaf), TRUST)).isEqualTo(EMPTY_SUBJECT_NEEDS_CRITICAL_NAME);
  }

  @Test
  void bytesAfterTheCertificateAreNotPem_40() {
    byte[] der = Draft.der(leaf().signedBy(ROOT).certificate());
    byte[] longer = Arrays.copyOf(der, der.length + 1);

    assertThatThrownBy(() -> PemBlock.parse(Draft.pem("CERTIFICATE", longer)))
        .isInstanceOf(MalformedPemException.class);
  }

  private static DynamicTest refused(String name, CertificateRejection reason, Draft draft) {
    return refused(name, reason, draft.signedBy(ROOT).with());
  }

  private static DynamicTest refused(
      String name, CertificateRejection reason, List<X509Certificate> chain) {
    return dynamicTest(name, () -> assertThat(rejection(chain, TRUST)).isEqualTo(reason));
  }

  private static DynamicTest refused(
      String name, CertificateRejection reason, Forged anchor, Forged leaf) {
    return dynamicTest(
        name, () -> assertThat(rejection(leaf.with(), trusting(anchor))).isEqualTo(reason));
  }

  private static DynamicTest accepts(String name, Forged anchor, List<X509Certificate> chain) {
    return dynamicTest(
        name,
        () ->
            assertThat(VERIFIER.verify(chain, PeerRole.CLIENT, trusting(anchor), NOW).principal())
                .hasToString("mtls:" + WEB));
  }

  private static CertificateRejection rejection(
      List<X509Certificate> chain, Map<String, TrustBundle> trust) {
    return catchThrowableOfType(
            RefusedCertificateException.class,
            () -> VERIFIER.verify(chain, PeerRole.CLIENT, trust, NOW))
        .rejection();
  }

  private static Map<String, TrustBundle> trusting(Forged anchor) {
    return Map.of("shop.example", TrustBundle.of("shop.example", anchor.with()));
  }

  private static Draft id(String id) {
    return leaf().id(id);
  }

  private static Draft two(GeneralName second) {
    return leaf().names(false, uri(WEB), second);
  }

  private static Draft usage(int forbidden) {
    return leaf().keyUsage(true, KeyUsage.digitalSignature | forbidden);
  }

  private static Draft rawName(String hex) {
    return leaf().extension(Extension.subjectAlternativeName, false, HexFormat.of().parseHex(hex));
  }

  private static Draft rawUri(String start, String endInHex) {
    String uri = hex(start.getBytes(US_ASCII)) + endInHex;
    int length = uri.length() / 2;
    return rawName(String.format("30%02x86%02x%s", length + 2, length, uri));
  }

  private static Forged constrained(GeneralSubtree permitted, GeneralSubtree excluded) {
    var constraints =
        new NameConstraints(
            permitted == null ? null : new GeneralSubtree[] {permitted},
            excluded == null ? null : new GeneralSubtree[] {excluded});
    return authority("constrained")
        .extension(Extension.nameConstraints, true, Draft.encoded(constraints))
        .signedBy(ROOT);
  }

  private static GeneralSubtree subtree(String host) {
    return new GeneralSubtree(uri(host));
  }

  /** A leaf and so many authorities above it. */
  private static List<X509Certificate> deep(int certificates) {
    Forged issuer = ROOT;
    var chain = new ArrayList<X509Certificate>();
    for (int i = 1; i < certificates; i++) {
      issuer = authority("authority " + i).signedBy(issuer);
      chain.add(0, issuer.certificate());
    }
    chain.add(0, leaf().signedBy(issuer).certificate());
    return chain;
  }

  private static Forged rsaRoot(int bits) {
    return authority("rsa root")
        .keys(Draft.keys("RSA", bits))
        .signature("SHA256withRSA")
        .selfSigned();
  }

  private static KeyPair brainpool() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec("brainpoolP256r1"));
    return generator.generateKeyPair();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
