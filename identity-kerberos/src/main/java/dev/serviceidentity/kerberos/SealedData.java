// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens what a Kerberos key has sealed: AES in CBC with ciphertext stealing and an HMAC, with keys
 * derived for each usage (RFC 3961 section 5.3 with RFC 3962; RFC 8009).
 */
final class SealedData {
  /** Key usage of a ticket's enc-part (RFC 4120 section 7.5.1). */
  static final int TICKET = 2;

  private static final int BLOCK = 16;
  private static final int ENCRYPTION = 0xaa;
  private static final int INTEGRITY = 0x55;

  private SealedData() {}

  /**
   * Opens it.
   *
   * @return the plain text, or empty if another key or another text made the MAC
   */
  static Optional<byte[]> open(KeyType type, byte[] key, int usage, byte[] sealed) {
    int textLength = sealed.length - type.macLength();
    if (textLength < BLOCK) {
      return Optional.empty();
    }
    byte[] text = Arrays.copyOf(sealed, textLength);
    byte[] expected = Arrays.copyOfRange(sealed, textLength, sealed.length);
    try {
      byte[] integrity = derive(type, key, usage, INTEGRITY);
      if (type.isSha2()) {
        // RFC 8009 section 5: the MAC covers the initial vector and the ciphertext.
        byte[] covered = ByteBuffer.allocate(BLOCK + textLength).put(BLOCK, text).array();
        if (!matches(type, integrity, covered, expected)) {
          return Optional.empty();
        }
        return Optional.of(withoutConfounder(decrypt(type, key, usage, text)));
      }
      byte[] plain = decrypt(type, key, usage, text);
      return matches(type, integrity, plain, expected)
          ? Optional.of(withoutConfounder(plain))
          : Optional.empty();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("This JDK lacks AES or " + type.mac(), missing);
    }
  }

  /** RFC 3961 section 5.3 (DK) or RFC 8009 section 3 (KDF-HMAC-SHA2). */
  static byte[] derive(KeyType type, byte[] key, int usage, int purpose)
      throws GeneralSecurityException {
    byte[] constant = ByteBuffer.allocate(5).putInt(usage).put((byte) purpose).array();
    if (type.isSha2()) {
      int length = purpose == ENCRYPTION ? type.keyLength() : type.macLength();
      Mac mac = mac(type, key);
      mac.update(new byte[] {0, 0, 0, 1});
      mac.update(constant);
      mac.update((byte) 0);
      mac.update(ByteBuffer.allocate(4).putInt(length * 8).array());
      return Arrays.copyOf(mac.doFinal(), length);
    }
    return deriveByEncrypting(key, constant);
  }

  /** DR of RFC 3961 section 5.1: encrypts the folded constant again and again. */
  static byte[] deriveByEncrypting(byte[] key, byte[] constant) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding"); // One block: CBC from zero is ECB.
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    var derived = ByteBuffer.allocate(key.length);
    byte[] block = NFold.fold(constant, BLOCK);
    while (derived.hasRemaining()) {
      block = cipher.doFinal(block);
      derived.put(block, 0, Math.min(block.length, derived.remaining()));
    }
    return derived.array();
  }

  /** RFC 3962 section 5: CBC with ciphertext stealing, the last two blocks always swapped. */
  static byte[] decrypt(byte[] key, byte[] text) throws GeneralSecurityException {
    // A single block has nothing to steal from.
    String mode = text.length == BLOCK ? "AES/CBC/NoPadding" : "AES/CTS/NoPadding";
    Cipher cipher = Cipher.getInstance(mode);
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[BLOCK]));
    return cipher.doFinal(text);
  }

  private static byte[] decrypt(KeyType type, byte[] key, int usage, byte[] text)
      throws GeneralSecurityException {
    return decrypt(derive(type, key, usage, ENCRYPTION), text);
  }

  private static boolean matches(KeyType type, byte[] key, byte[] covered, byte[] expected)
      throws GeneralSecurityException {
    byte[] whole = mac(type, key).doFinal(covered);
    return MessageDigest.isEqual(Arrays.copyOf(whole, type.macLength()), expected);
  }

  private static Mac mac(KeyType type, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(type.mac());
    mac.init(new SecretKeySpec(key, type.mac()));
    return mac;
  }

  private static byte[] withoutConfounder(byte[] plain) {
    return Arrays.copyOfRange(plain, BLOCK, plain.length);
  }
}
