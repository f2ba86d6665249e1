// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.WEAK_KEY;
import static dev.serviceidentity.mtls.CertificateRejection.WEAK_SIGNATURE;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.MalformedDerException;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.PSSParameterSpec;
import java.util.Set;

/**
 * Which keys and signatures are good enough. A list of what is accepted: what nobody has thought of
 * is refused. The upper limit for RSA keeps a peer from making verification expensive.
 */
final class AlgorithmPolicy {
  private static final int SHORTEST_RSA = 2048;
  private static final int LONGEST_RSA = 8192;

  // Encoded object identifiers: id-ecPublicKey, id-Ed25519; secp256r1, secp384r1, secp521r1.
  private static final String EC = "2a8648ce3d0201";
  private static final String ED25519 = "2b6570";
  private static final Set<String> CURVES = Set.of("2a8648ce3d030107", "2b81040022", "2b81040023");

  private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
  private static final Set<String> SIGNATURES =
      Set.of(
          "1.2.840.10045.4.3.2", // ecdsa-with-SHA256
          "1.2.840.10045.4.3.3", // ecdsa-with-SHA384
          "1.2.840.10045.4.3.4", // ecdsa-with-SHA512
          "1.2.840.113549.1.1.11", // sha256WithRSAEncryption
          "1.2.840.113549.1.1.12", // sha384WithRSAEncryption
          "1.2.840.113549.1.1.13", // sha512WithRSAEncryption
          "1.3.101.112"); // Ed25519
  private static final Set<String> HASHES = Set.of("SHA-256", "SHA-384", "SHA-512");

  private AlgorithmPolicy() {}

  static void check(X509Certificate certificate) throws RefusedCertificateException {
    checkKey(certificate.getPublicKey());
    String signature = certificate.getSigAlgOID();
    boolean accepted =
        signature.equals(RSASSA_PSS) ? strongPss(certificate) : SIGNATURES.contains(signature);
    LeafRules.require(
        accepted,
        WEAK_SIGNATURE,
        () -> "The signature algorithm is " + certificate.getSigAlgName());
  }

  static void checkKey(PublicKey key) throws RefusedCertificateException {
    boolean accepted =
        key instanceof RSAPublicKey rsa
            ? rsa.getModulus().bitLength() >= SHORTEST_RSA
                && rsa.getModulus().bitLength() <= LONGEST_RSA
            : knownCurve(key.getEncoded());
    LeafRules.require(accepted, WEAK_KEY, () -> "The key's algorithm is " + key.getAlgorithm());
  }

  /** Reads the SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, RFC 5480, RFC 8410). */
  private static boolean knownCurve(byte[] publicKeyInfo) {
    try {
      DerReader algorithm =
          new DerReader(publicKeyInfo).enter(DerReader.SEQUENCE).enter(DerReader.SEQUENCE);
      return switch (algorithm.hex(DerReader.OBJECT_IDENTIFIER)) {
        case ED25519 -> true;
        case EC -> CURVES.contains(algorithm.hex(DerReader.OBJECT_IDENTIFIER));
        default -> false;
      };
    } catch (MalformedDerException explicitParameters) {
      return false;
    }
  }

  private static boolean strongPss(X509Certificate certificate) {
    byte[] encoded = certificate.getSigAlgParams();
    if (encoded == null) {
      return false;
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(encoded);
      return HASHES.contains(
          parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm());
    } catch (NoSuchAlgorithmException | InvalidParameterSpecException | IOException unreadable) {
      return false;
    }
  }
}
