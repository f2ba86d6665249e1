// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.Draft.authority;
import static dev.serviceidentity.mtls.Draft.leaf;
import static dev.serviceidentity.mtls.Refusals.ROOT;
import static dev.serviceidentity.mtls.Refusals.TRUST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serviceidentity.mtls.Draft.Forged;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Restrictions that one parser of certificates or the other drops where they are not critical. A
 * certificate with one of them is nobody's, whoever has parsed it.
 */
@ParameterizedClass
@ValueSource(strings = {"the JDK", "Conscrypt"})
class MalformedUsagesTest {
  private static final String CODE_SIGNING = "06082b06010505070303";

  private final CertificateFactory factory;

  MalformedUsagesTest(String parser) throws Exception {
    factory =
        parser.equals("Conscrypt")
            ? CertificateFactory.getInstance("X.509", Conscrypt.newProvider())
            : CertificateFactory.getInstance("X.509");
  }

  @ParameterizedTest
  @CsvSource({
    "2.5.29.37, 300e" + CODE_SIGNING + "06028001, a padded arc",
    "2.5.29.37, 300c" + CODE_SIGNING + "0500, a NULL behind it",
    "2.5.29.37, 300d" + CODE_SIGNING + "060181, an identifier that does not end",
    "2.5.29.37, 300c" + CODE_SIGNING + "0600, an empty identifier",
    "2.5.29.37, 3000, no purpose",
    "2.5.29.37, 300a" + CODE_SIGNING + "00, a byte behind it",
    "2.5.29.15, 0302020400, a byte behind it",
    "2.5.29.15, 030100, no bit",
    "2.5.29.15, 03020784, bits that do not count",
    "2.5.29.15, 030400848484, too many bytes",
    "2.5.29.15, 0500, no bits at all",
    "2.5.29.19, 040101, no sequence",
    "2.5.29.19, 300000, a byte behind it",
    "2.5.29.19, 3003010101, neither true nor false",
    "2.5.29.19, 30060101ff0201ff, a negative path length",
  })
  void aMalformedRestrictionIsRefusedOnLeavesAndSigners(String id, String value, String what)
      throws Exception {
    var extension = new ASN1ObjectIdentifier(id);
    byte[] bytes = HexFormat.of().parseHex(value);
    Forged signer = authority("signer").extension(extension, false, bytes).signedBy(ROOT);

    assertThat(rejection(leaf().extension(extension, false, bytes).derSignedBy(ROOT)))
        .as(what)
        .isEqualTo(CertificateRejection.MALFORMED);
    assertThat(rejection(leaf().derSignedBy(signer), Draft.der(signer.certificate())))
        .as(what)
        .isEqualTo(CertificateRejection.MALFORMED);
  }

  @Test
  void aMalformedKeyUsageIsRefusedWherePlainNamesAreIdentities() throws Exception {
    Draft signing =
        leaf()
            .names(false, Draft.dns("web.shop"))
            .extension(Extension.keyUsage, false, HexFormat.of().parseHex("0302020400"));

    assertThat(
            rejection(new PlainProfile("shop.example", PlainName.DNS), signing.derSignedBy(ROOT)))
        .isEqualTo(CertificateRejection.MALFORMED);
  }

  /**
   * Each parser keeps another one of two, if only one of them can be read (RFC 5280 section 4.2).
   */
  @ParameterizedTest
  @CsvSource({
    "2.5.29.37, 3000, 301406082b0601050507030106082b06010505070302",
    "2.5.29.37, 301406082b0601050507030106082b06010505070302, 3000",
    "1.3.6.1.4.1.99999.1, 0500, 0500",
    "1.3.6.1.5.5.7.1.1, 3000, 0500",
    "1.3.6.1.5.5.7.1.1, 0500, 3000",
  })
  void anExtensionThatIsThereTwiceIsRefusedOnLeavesAndSigners(
      String id, String first, String second) throws Exception {
    var extension = new ASN1ObjectIdentifier(id);
    byte[] one = HexFormat.of().parseHex(first);
    byte[] other = HexFormat.of().parseHex(second);
    Draft signing = authority("signer").extension(extension, false, one);
    Forged signer = signing.signedBy(ROOT);

    assertThat(
            isRefused(
                leaf().extension(extension, false, one).again(extension, other).derSignedBy(ROOT)))
        .isTrue();
    byte[] twice = signing.again(extension, other).derSignedBy(ROOT);
    assertThat(isRefused(leaf().derSignedBy(signer), twice)).isTrue();
  }

  @Test
  void wellFormedRestrictionsCount() throws Exception {
    Forged signer = authority("signer").purposes(KeyPurposeId.id_kp_codeSigning).signedBy(ROOT);

    assertThat(rejection(leaf().purposes(KeyPurposeId.id_kp_codeSigning).derSignedBy(ROOT)))
        .isEqualTo(CertificateRejection.EXTENDED_KEY_USAGE);
    assertThat(rejection(leaf().derSignedBy(signer), Draft.der(signer.certificate())))
        .isEqualTo(CertificateRejection.SIGNER_PURPOSE);
    byte[] explicitFalse = HexFormat.of().parseHex("3003010100");
    assertThat(
            verify(
                new SvidProfile(),
                leaf()
                    .extension(Extension.basicConstraints, true, explicitFalse)
                    .derSignedBy(ROOT)))
        .isNotNull();
  }

  /** By the parser, or else by us. */
  private boolean isRefused(byte[]... chain) {
    try {
      verify(new SvidProfile(), chain);
      return false;
    } catch (IllegalArgumentException unparsed) {
      return true;
    } catch (RefusedCertificateException refused) {
      return refused.rejection() == CertificateRejection.MALFORMED;
    }
  }

  private CertificateRejection rejection(byte[]... chain) {
    return rejection(new SvidProfile(), chain);
  }

  private CertificateRejection rejection(CertificateProfile profile, byte[]... chain) {
    RefusedCertificateException refused =
        catchThrowableOfType(RefusedCertificateException.class, () -> verify(profile, chain));
    assertThat(refused).as("it is refused at all").isNotNull();
    return refused.rejection();
  }

  private VerifiedPeer verify(CertificateProfile profile, byte[]... chain)
      throws RefusedCertificateException {
    List<X509Certificate> certificates =
        Arrays.stream(chain).map(der -> Draft.read(der, factory)).toList();
    return new PeerVerifier(profile).verify(certificates, PeerRole.CLIENT, TRUST, Draft.NOW);
  }
}
