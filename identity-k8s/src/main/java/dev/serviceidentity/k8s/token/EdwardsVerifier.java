// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * Verifies Ed25519 (RFC 8037) by the JDK, for which the library wants another library.
 *
 * @param key the public key
 */
record EdwardsVerifier(PublicKey key) implements JWSVerifier {
  private static final String ED25519 = "Ed25519";
  private static final int KEY_BYTES = 32;

  /** A SubjectPublicKeyInfo up to the key (RFC 8410 section 4). */
  private static final byte[] BEFORE_KEY = HexFormat.of().parseHex("302a300506032b6570032100");

  static EdwardsVerifier of(OctetKeyPair pair) throws JOSEException {
    byte[] x = pair.getX().decode();
    if (x.length != KEY_BYTES) {
      throw new JOSEException("A key of Ed25519 has 32 bytes");
    }
    byte[] encoded = Arrays.copyOf(BEFORE_KEY, BEFORE_KEY.length + KEY_BYTES);
    System.arraycopy(x, 0, encoded, BEFORE_KEY.length, KEY_BYTES);
    try {
      return new EdwardsVerifier(
          KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("No key of Ed25519", e);
    }
  }

  /** {@code Ed25519} is RFC 9864, {@code EdDSA} its older name. */
  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
  }

  @Override
  public JCAContext getJCAContext() {
    return new JCAContext();
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
    try {
      Signature verifier = Signature.getInstance(ED25519);
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature.decode());
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new JOSEException("Every JDK since 15 has Ed25519", e);
    }
  }
}
