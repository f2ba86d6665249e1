// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.pem;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;

/** Whether a private key fits a certificate. */
public final class KeyPairs {
  private KeyPairs() {}

  /**
   * Tells whether the private key can sign what the public one verifies.
   *
   * @throws ProviderException if the private key signs nothing at all, as one in a token that is
   *     not there
   */
  public static boolean fit(PrivateKey privateKey, PublicKey publicKey) {
    byte[] probe = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    byte[] signed = signed(probe, privateKey);
    try {
      Signature signature = Signature.getInstance(signatureFor(privateKey));
      signature.initVerify(publicKey);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException notOfOneKind) {
      return false;
    }
  }

  private static byte[] signed(byte[] probe, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(signatureFor(key));
      signature.initSign(key);
      signature.update(probe);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new ProviderException(e);
    }
  }

  /** The name of a signature algorithm for keys of this kind. */
  public static String signatureFor(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }
}
