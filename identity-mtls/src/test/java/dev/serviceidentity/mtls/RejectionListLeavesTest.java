// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.*;
import static dev.serviceidentity.mtls.Draft.NOW;
import static dev.serviceidentity.mtls.Draft.WEB;
import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Draft.uri;
import static dev.serviceidentity.mtls.Refusals.ROOT;
import static dev.serviceidentity.mtls.Refusals.accepted;
import static dev.serviceidentity.mtls.Refusals.refused;
import static dev.serviceidentity.mtls.Refusals.trusting;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.pem.MalformedPemException;
import dev.serviceidentity.mtls.pem.PemBlock;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.jce.spec.ECParameterSpec;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What must be rejected of leaves, in the order and with the numbers of the module's design: cases
 * 17 to 23, 29 to 32, 40 and 65.
 */
class RejectionListLeavesTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final ASN1ObjectIdentifier SAN = Extension.subjectAlternativeName;
  private static final ASN1ObjectIdentifier PRIVATE =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");

  @TestFactory
  Stream<DynamicTest> usages() {
    return Stream.of(
        refused("17 CA:TRUE leaf", LEAF_IS_CA, "CA:TRUE", leaf().ca(true)),
        refused(
            "18 keyCertSign leaf",
            LEAF_SIGNS_CERTIFICATES,
            "has keyCertSign",
            usage(KeyUsage.keyCertSign)),
        refused("19 cRLSign leaf", LEAF_SIGNS_REVOCATIONS, "has cRLSign", usage(KeyUsage.cRLSign)),
        refused(
            "20 no keyUsage",
            NO_DIGITAL_SIGNATURE,
            "no key usage",
            leaf().without(Extension.keyUsage)),
        refused(
            "20 no digitalSignature",
            NO_DIGITAL_SIGNATURE,
            "lacks digitalSignature",
            leaf().keyUsage(true, KeyUsage.keyAgreement)),
        refused(
            "21 EKU without client/serverAuth",
            EXTENDED_KEY_USAGE,
            "extended key usage",
            leaf().purposes(KeyPurposeId.id_kp_codeSigning)),
        refused(
            "21 clientAuth alone",
            EXTENDED_KEY_USAGE,
            "extended key usage",
            leaf().purposes(KeyPurposeId.id_kp_clientAuth)),
        refused(
            "21 serverAuth alone",
            EXTENDED_KEY_USAGE,
            "extended key usage",
            leaf().purposes(KeyPurposeId.id_kp_serverAuth)),
        accepted(
            "21 both purposes",
            leaf().purposes(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth)));
  }

  @TestFactory
  Stream<DynamicTest> validity() {
    return Stream.of(
        refused(
            "22 expired",
            EXPIRED,
            "was valid until 2026-03-01T12:00:00Z",
            leaf().validity(NOW.minus(DAY), NOW)),
        accepted("22 not yet, for a second", leaf().validity(NOW.minus(DAY), NOW.plusSeconds(1))),
        refused(
            "23 not yet valid",
            NOT_YET_VALID,
            "is valid from 2026-03-01T12:00:01Z",
            leaf().validity(NOW.plusSeconds(1), NOW.plus(DAY))),
        accepted("23 from this second", leaf().validity(NOW, NOW.plus(DAY))));
  }

  @TestFactory
  Stream<DynamicTest> algorithms() throws Exception {
    Forged issuer =
        authority("rsa").keys(Draft.keys("RSA", 2048)).signature("SHA256withRSA").selfSigned();
    return Stream.of(
        weakKey("29 RSA-1024", "RSA", Draft.keys("RSA", 1024)),
        weakKey("29 RSA-2047", "RSA", rsa(2047)),
        weakKey("29 RSA-8193", "RSA", rsa(8193)),
        weakKey("29 brainpool curve", "EC", curve(new ECGenParameterSpec("brainpoolP256r1"))),
        weakKey("29 secp256k1", "EC", curve(new ECGenParameterSpec("secp256k1"))),
        refused(
            "29 P-256 by explicit parameters",
            WEAK_KEY,
            "algorithm is EC",
            List.of(parsedByOthers(leaf().keys(curve(explicitP256())).derSignedBy(ROOT)))),
        weakKey("29 Ed448", "EdDSA", Draft.keys("Ed448", 0)),
        weakKey("29 DSA", "DSA", Draft.keys("DSA", 2048)),
        weakHash("29 SHA-1", "SHA1withRSA", "SHA1withRSA", issuer),
        weakHash("29 MD5", "MD5withRSA", "MD5withRSA", issuer),
        weakHash("29 SHA-1 in PSS", "SHA1withRSAandMGF1", "RSASSA-PSS", issuer),
        accepted("29 RSA-2048", leaf().keys(rsa(2048))),
        accepted("29 RSA-8192", leaf().keys(rsa(8192))),
        accepted("29 P-384", leaf().keys(Draft.ec("secp384r1"))),
        accepted("29 P-521", leaf().keys(Draft.ec("secp521r1"))),
        accepted("29 Ed25519", leaf().keys(Draft.keys("Ed25519", 0))),
        accepted(
            "29 PSS with SHA-256",
            trusting(issuer),
            leaf().signature("SHA256withRSAandMGF1").signedBy(issuer).with()));
  }

  @TestFactory
  Stream<DynamicTest> forms() throws Exception {
    byte[] nothing = Draft.encoded(DERNull.INSTANCE);
    byte[] evil = Draft.encoded(new GeneralNames(uri("spiffe://shop.example/ns/evil")));
    byte[] twice =
        leaf().extension(PRIVATE, false, nothing).again(PRIVATE, nothing).derSignedBy(ROOT);
    byte[] twoNames = leaf().again(SAN, evil).derSignedBy(ROOT);
    return Stream.of(
        unreadable("30 duplicate extension", twice),
        unreadable("30 duplicate SAN", twoNames),
        refused(
            "30 duplicate extension, read by Conscrypt",
            MALFORMED,
            "is there twice",
            List.of(parsedByConscrypt(twice))),
        refused(
            "30 duplicate SAN, read by Conscrypt",
            MALFORMED,
            "is there twice",
            List.of(parsedByConscrypt(twoNames))),
        refused(
            "31 unknown critical extension",
            UNKNOWN_CRITICAL_EXTENSION,
            "1.3.6.1.4.1.99999.1",
            leaf().extension(PRIVATE, true, Draft.encoded(DERNull.INSTANCE))),
        refused(
            "32 empty subject with non-critical SAN",
            EMPTY_SUBJECT_NEEDS_CRITICAL_NAME,
            "subject is empty",
            List.of(parsedByOthers(leaf().subject("").derSignedBy(ROOT)))),
        accepted("32 empty subject with critical SAN", leaf().subject("").names(true, uri(WEB))),
        refused(
            "40 negative serial", SERIAL_NOT_POSITIVE, "serial is not positive", leaf().serial(-1)),
        refused("40 zero serial", SERIAL_NOT_POSITIVE, "serial is not positive", leaf().serial(0)),
        refused("40 v1", NOT_VERSION_3, "version is 1", leaf().version1SignedBy(ROOT).with()),
        refused(
            "65 key usage not critical",
            KEY_USAGE_NOT_CRITICAL,
            "key usage is not critical",
            leaf().keyUsage(false, KeyUsage.digitalSignature)));
  }

  /** In a handshake the JDK does the same, see {@link RejectionListHandshakesTest}. */
  @Test
  @DisplayName("40 trailing DER bytes are not PEM")
  void trailingDerBytesAreNotPem() {
    byte[] der = Draft.der(leaf().signedBy(ROOT).certificate());
    byte[] longer = Arrays.copyOf(der, der.length + 1);

    assertThatThrownBy(() -> PemBlock.parse(Draft.pem("CERTIFICATE", longer)))
        .isInstanceOf(MalformedPemException.class)
        .hasMessageContaining("1 bytes follow the last element")
        .hasMessageContaining("copy the whole block again");
  }

  /** Its signature is right; nobody gets so far as to look. */
  private static DynamicTest unreadable(String name, byte[] der) {
    return dynamicTest(
        name,
        () ->
            assertThatThrownBy(() -> Draft.read(der))
                .hasStackTraceContaining("Duplicate extensions not allowed"));
  }

  private static DynamicTest weakHash(String name, String algorithm, String says, Forged issuer) {
    return refused(
        name,
        WEAK_SIGNATURE,
        "signature algorithm is " + says,
        trusting(issuer),
        leaf().signature(algorithm).signedBy(issuer).with());
  }

  private static Draft usage(int forbidden) {
    return leaf().keyUsage(true, KeyUsage.digitalSignature | forbidden);
  }

  private static X509Certificate parsedByConscrypt(byte[] der) throws Exception {
    return Draft.read(der, CertificateFactory.getInstance("X.509", Conscrypt.newProvider()));
  }

  /** The JDK refuses to parse it; the certificates of other TLS providers have other parsers. */
  private static X509Certificate parsedByOthers(byte[] der) throws Exception {
    return Draft.read(der, CertificateFactory.getInstance("X.509", new BouncyCastleProvider()));
  }

  private static DynamicTest weakKey(String name, String algorithm, KeyPair keys) {
    return refused(name, WEAK_KEY, "algorithm is " + algorithm, leaf().keys(keys));
  }

  /** Of so many bits; nobody knows its factors, and nobody asks for a signature by it. */
  private static KeyPair rsa(int bits) throws Exception {
    var modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
    var spec = new RSAPublicKeySpec(modulus, RSAKeyGenParameterSpec.F4);
    return new KeyPair(KeyFactory.getInstance("RSA").generatePublic(spec), null);
  }

  private static KeyPair curve(AlgorithmParameterSpec curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(curve);
    return generator.generateKeyPair();
  }

  /** As some old tools write it (RFC 3279), and RFC 5480 section 2.1.1 forbids. */
  private static AlgorithmParameterSpec explicitP256() {
    ECNamedCurveParameterSpec named = ECNamedCurveTable.getParameterSpec("secp256r1");
    return new ECParameterSpec(named.getCurve(), named.getG(), named.getN(), named.getH());
  }
}
