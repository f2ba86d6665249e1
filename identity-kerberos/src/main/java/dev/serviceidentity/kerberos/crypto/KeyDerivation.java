// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.spec.KeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Keys made from keys and passwords: RFC 3961 section 5 with RFC 3962, and RFC 8009. */
final class KeyDerivation {
  /** What a derived key does: the last byte of the constant (RFC 3961 section 5.3). */
  static final int CHECKSUM = 0x99;

  static final int ENCRYPTION = 0xaa;
  static final int INTEGRITY = 0x55;

  private static final int BLOCK = 16;

  private KeyDerivation() {}

  /** The key of one usage and purpose: DK of RFC 3961 section 5.1, or RFC 8009 section 5. */
  static byte[] derive(KeyType type, byte[] key, int usage, int purpose)
      throws GeneralSecurityException {
    byte[] constant = ByteBuffer.allocate(5).putInt(usage).put((byte) purpose).array();
    if (type.isSha2()) {
      int length = purpose == ENCRYPTION ? type.keyLength() : type.macLength();
      return expand(type, key, constant, new byte[0], length);
    }
    return encryptOverAndOver(key, constant);
  }

  /** RFC 3961 section 5.3 with section 6 of RFC 3962, or RFC 8009 section 5. */
  static byte[] pseudoRandom(KeyType type, byte[] key, byte[] octets)
      throws GeneralSecurityException {
    byte[] label = ascii("prf");
    if (type.isSha2()) {
      return expand(type, key, label, octets, mac(type, key).getMacLength());
    }
    byte[] digest = MessageDigest.getInstance("SHA-1").digest(octets);
    return block(encryptOverAndOver(key, label)).doFinal(digest, 0, BLOCK);
  }

  /** RFC 3962 section 4, or RFC 8009 section 4. */
  static byte[] ofPassword(KeyType type, char[] password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    byte[] salted = type.isSha2() ? namedSalt(type, salt) : salt;
    KeySpec spec = new PBEKeySpec(password, salted, iterations, type.keyLength() * 8);
    byte[] stretched =
        SecretKeyFactory.getInstance(type.passwordDerivation()).generateSecret(spec).getEncoded();
    return type.isSha2()
        ? expand(type, stretched, ascii("kerberos"), new byte[0], type.keyLength())
        : encryptOverAndOver(stretched, ascii("kerberos"));
  }

  static Mac mac(KeyType type, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(type.mac());
    mac.init(new SecretKeySpec(key, type.mac()));
    return mac;
  }

  /** KDF-HMAC-SHA2 (RFC 8009 section 3). */
  private static byte[] expand(KeyType type, byte[] key, byte[] label, byte[] context, int length)
      throws GeneralSecurityException {
    Mac mac = mac(type, key);
    mac.update(new byte[] {0, 0, 0, 1});
    mac.update(label);
    mac.update((byte) 0);
    mac.update(context);
    mac.update(ByteBuffer.allocate(4).putInt(length * 8).array());
    return Arrays.copyOf(mac.doFinal(), length);
  }

  /** DR of RFC 3961 section 5.1: encrypts the folded constant again and again. */
  private static byte[] encryptOverAndOver(byte[] key, byte[] constant)
      throws GeneralSecurityException {
    Cipher cipher = block(key);
    byte[] derived = new byte[key.length];
    byte[] block = NFold.fold(constant, BLOCK);
    for (int done = 0; done < derived.length; done += BLOCK) {
      block = cipher.doFinal(block);
      System.arraycopy(block, 0, derived, done, BLOCK);
    }
    return derived;
  }

  /** One block at a time: CBC that begins at zero is ECB then. */
  private static Cipher block(byte[] key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    return cipher;
  }

  private static byte[] namedSalt(KeyType type, byte[] salt) {
    String described = type.toString();
    byte[] name = ascii(described.substring(0, described.indexOf(' ')));
    return ByteBuffer.allocate(name.length + 1 + salt.length)
        .put(name)
        .put((byte) 0)
        .put(salt)
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
