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

import dev.serviceidentity.mtls.Draft.Forged;
import dev.serviceidentity.mtls.pem.MalformedPemException;
import dev.serviceidentity.mtls.pem.PemBlock;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What must be rejected of leaves, in the order and with the numbers of the module's design: cases
 * 17 to 23, 29, 31, 32, 40 and 65. Duplicate extensions (30) do not get so far, see {@link
 * RejectedHandshakesTest}.
 */
class RejectedLeavesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TestFactory
  Stream<DynamicTest> usages() {
    return Stream.of(
        refused("17 CA:TRUE leaf", LEAF_IS_CA, "CA:FALSE", leaf().ca(true)),
        refused(
            "18 keyCertSign leaf",
            LEAF_SIGNS_CERTIFICATES,
            "without keyCertSign",
            usage(KeyUsage.keyCertSign)),
        refused(
            "19 cRLSign leaf", LEAF_SIGNS_REVOCATIONS, "without cRLSign", usage(KeyUsage.cRLSign)),
        refused(
            "20 no keyUsage",
            NO_DIGITAL_SIGNATURE,
            "digitalSignature",
            leaf().without(Extension.keyUsage)),
        refused(
            "20 no digitalSignature",
            NO_DIGITAL_SIGNATURE,
            "digitalSignature",
            leaf().keyUsage(true, KeyUsage.keyAgreement)),
        refused(
            "21 EKU without client/serverAuth",
            EXTENDED_KEY_USAGE,
            "both clientAuth and serverAuth",
            leaf().purposes(KeyPurposeId.id_kp_codeSigning)),
        refused(
            "21 clientAuth alone",
            EXTENDED_KEY_USAGE,
            "both clientAuth and serverAuth",
            leaf().purposes(KeyPurposeId.id_kp_clientAuth)),
        accepted(
            "21 both purposes",
            leaf().purposes(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth)),
        refused(
            "65 key usage not critical",
            KEY_USAGE_NOT_CRITICAL,
            "Mark the key usage critical",
            leaf().keyUsage(false, KeyUsage.digitalSignature)));
  }

  @TestFactory
  Stream<DynamicTest> validity() {
    return Stream.of(
        refused("22 expired", EXPIRED, "not renewed", leaf().validity(NOW.minus(DAY), NOW)),
        accepted("22 not yet, for a second", leaf().validity(NOW.minus(DAY), NOW.plusSeconds(1))),
        refused(
            "23 not yet valid",
            NOT_YET_VALID,
            "Compare the clocks",
            leaf().validity(NOW.plusSeconds(1), NOW.plus(DAY))),
        accepted("23 from this second", leaf().validity(NOW, NOW.plus(DAY))));
  }

  @TestFactory
  Stream<DynamicTest> algorithms() throws Exception {
    Forged rsa =
        authority("rsa").keys(Draft.keys("RSA", 2048)).signature("SHA256withRSA").selfSigned();
    return Stream.of(
        refused("29 RSA-1024", WEAK_KEY, "RSA of 2048", leaf().keys(Draft.keys("RSA", 1024))),
        refused("29 brainpool curve", WEAK_KEY, "EC P-256", leaf().keys(brainpool())),
        refused("29 DSA", WEAK_KEY, "EC P-256", leaf().keys(Draft.keys("DSA", 2048))),
        weakHash("29 SHA-1", "SHA1withRSA", rsa),
        weakHash("29 MD5", "MD5withRSA", rsa),
        weakHash("29 SHA-1 in PSS", "SHA1withRSAandMGF1", rsa),
        accepted("29 RSA-2048", leaf().keys(Draft.keys("RSA", 2048))),
        accepted("29 Ed25519", leaf().keys(Draft.keys("Ed25519", 0))),
        accepted(
            "29 PSS with SHA-256",
            trusting(rsa),
            leaf().signature("SHA256withRSAandMGF1").signedBy(rsa).with()));
  }

  @TestFactory
  Stream<DynamicTest> forms() throws Exception {
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    return Stream.of(
        refused(
            "31 unknown critical extension",
            UNKNOWN_CRITICAL_EXTENSION,
            "without that extension",
            leaf().extension(unknown, true, Draft.encoded(DERNull.INSTANCE))),
        refused(
            "32 empty subject with non-critical SAN",
            EMPTY_SUBJECT_NEEDS_CRITICAL_NAME,
            "Mark the subject alternative name critical",
            List.of(parsedByOthers(leaf().subject("").derSignedBy(ROOT)))),
        accepted("32 empty subject with critical SAN", leaf().subject("").names(true, uri(WEB))),
        refused("40 negative serial", SERIAL_NOT_POSITIVE, "positive", leaf().serial(-1)),
        refused("40 zero serial", SERIAL_NOT_POSITIVE, "positive", leaf().serial(0)),
        refused("40 v1", NOT_VERSION_3, "version 3", leaf().version1SignedBy(ROOT).with()));
  }

  /** In a handshake the JDK does the same, see {@link RejectedHandshakesTest}. */
  @Test
  void trailingDerBytesAreNotPem_40() {
    byte[] der = Draft.der(leaf().signedBy(ROOT).certificate());
    byte[] longer = Arrays.copyOf(der, der.length + 1);

    assertThatThrownBy(() -> PemBlock.parse(Draft.pem("CERTIFICATE", longer)))
        .isInstanceOf(MalformedPemException.class)
        .hasMessageContaining("1 bytes follow the last element")
        .hasMessageContaining("copy the whole block again");
  }

  private static DynamicTest weakHash(String name, String algorithm, Forged issuer) {
    return refused(
        name,
        WEAK_SIGNATURE,
        "Sign with SHA-256",
        trusting(issuer),
        leaf().signature(algorithm).signedBy(issuer).with());
  }

  private static Draft usage(int forbidden) {
    return leaf().keyUsage(true, KeyUsage.digitalSignature | forbidden);
  }

  /** The JDK refuses to parse it; the certificates of other TLS providers have other parsers. */
  private static X509Certificate parsedByOthers(byte[] der) throws Exception {
    return Draft.read(der, CertificateFactory.getInstance("X.509", new BouncyCastleProvider()));
  }

  private static KeyPair brainpool() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    generator.initialize(new ECGenParameterSpec("brainpoolP256r1"));
    return generator.generateKeyPair();
  }
}
