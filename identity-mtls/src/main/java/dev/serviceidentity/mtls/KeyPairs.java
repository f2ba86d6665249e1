// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.spi.ForeignText;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Private keys: from PKCS#8 text (RFC 5958), and whether they fit a certificate. */
final class KeyPairs {
  private static final String CONVERT =
      "; convert it: openssl pkcs8 -topk8 -nocrypt -in <old key> -out tls.key";

  private KeyPairs() {}

  /** Reads the one private key of a file. */
  static PrivateKey parse(List<PemBlock> blocks) throws MalformedPemException {
    for (PemBlock block : blocks) {
      requirePlainPkcs8(block);
    }
    if (blocks.isEmpty()) {
      throw new MalformedPemException("it holds no private key; put one into it, as PKCS#8");
    }
    if (blocks.size() > 1) {
      throw new MalformedPemException(
          "it holds "
              + blocks.size()
              + " private keys; leave only the one that belongs to tls.crt");
    }
    PemBlock block = blocks.get(0);
    try {
      return KeyFactory.getInstance(algorithm(block))
          .generatePrivate(new PKCS8EncodedKeySpec(block.der()));
    } catch (GeneralSecurityException | MalformedDerException e) {
      // The cause is not passed on: messages of key parsers may quote what they parse.
      throw new MalformedPemException(
          block.place() + " is not valid PKCS#8; copy the key again from where it was made");
    }
  }

  /** Tells whether the private key can sign what the public one verifies. */
  static boolean fit(PrivateKey privateKey, PublicKey publicKey) {
    byte[] probe = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
    try {
      Signature signature = Signature.getInstance(signatureFor(privateKey));
      signature.initSign(privateKey);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException notOfOneKind) {
      return false;
    }
  }

  private static void requirePlainPkcs8(PemBlock block) throws MalformedPemException {
    switch (block.label()) {
      case "PRIVATE KEY" -> {}
      case "ENCRYPTED PRIVATE KEY" ->
          throw new MalformedPemException(block.place() + " is an encrypted key" + CONVERT);
      case "RSA PRIVATE KEY", "EC PRIVATE KEY", "EC PARAMETERS" ->
          throw new MalformedPemException(
              block.place() + " is a key in the older PKCS#1 or SEC 1 form" + CONVERT);
      default ->
          throw new MalformedPemException(
              block.place()
                  + " is a "
                  + ForeignText.quote(block.label())
                  + "; only the private key belongs there");
    }
  }

  /** By the algorithm's object identifier in the PrivateKeyInfo. */
  private static String algorithm(PemBlock block)
      throws MalformedDerException, MalformedPemException {
    DerReader info = new DerReader(block.der()).enter(DerReader.SEQUENCE);
    info.enter(DerReader.INTEGER);
    return switch (info.enter(DerReader.SEQUENCE).hex(DerReader.OBJECT_IDENTIFIER)) {
      case "2a8648ce3d0201" -> "EC";
      case "2a864886f70d010101" -> "RSA";
      case "2b6570" -> "Ed25519";
      default ->
          throw new MalformedPemException(
              block.place() + " is a key of no accepted algorithm; use EC, RSA or Ed25519");
    };
  }

  private static String signatureFor(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }
}
