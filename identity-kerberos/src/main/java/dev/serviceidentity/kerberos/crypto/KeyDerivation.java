// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.spec.KeySpec;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys made from keys and passwords: RFC 3961 section 5 with RFC 3962, and RFC 8009. Keeps its
 * tools, and what the constants fold to. Thread-safe.
 */
final class KeyDerivation {
  /** What a derived key does: the last byte of the constant (RFC 3961 section 5.3). */
  static final int CHECKSUM = 0x99;

  static final int ENCRYPTION = 0xaa;
  static final int INTEGRITY = 0x55;

  private static final int BLOCK = 16;

  private static final int POOLED = 8;

  private final Pool<Cipher> ciphers = new Pool<>(POOLED, KeyDerivation::cipher);
  private final Function<KeyType, Pool<Mac>> macs;
  private final ConcurrentHashMap<Integer, byte[]> folded = new ConcurrentHashMap<>();

  KeyDerivation(Function<KeyType, Pool<Mac>> macs) {
    this.macs = macs;
  }

  /** The key of one usage and purpose: DK of RFC 3961 section 5.1, or RFC 8009 section 5. */
  byte[] derive(KeyType type, byte[] key, int usage, int purpose) throws GeneralSecurityException {
    if (type.isSha2()) {
      int length = purpose == ENCRYPTION ? type.keyLength() : type.macLength();
      return expand(type, key, constant(usage, purpose), new byte[0], length);
    }
    // Usages and purposes are few: they are named by our own code.
    Integer place = usage << 8 | purpose;
    byte[] block = folded.get(place);
    if (block == null) {
      block = NFold.fold(constant(usage, purpose), BLOCK);
      folded.put(place, block);
    }
    return encryptOverAndOver(key, block);
  }

  /** RFC 3961 section 5.3 with section 6 of RFC 3962, or RFC 8009 section 5. */
  byte[] pseudoRandom(KeyType type, byte[] key, byte[] octets) throws GeneralSecurityException {
    byte[] label = ascii("prf");
    if (type.isSha2()) {
      return expand(type, key, label, octets, type.digestLength());
    }
    byte[] digest = MessageDigest.getInstance("SHA-1").digest(octets);
    // One block of CBC that begins at zero is ECB.
    byte[] derived = encryptOverAndOver(key, NFold.fold(label, BLOCK));
    Cipher cipher = ciphers.take();
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, "AES"));
    byte[] random = cipher.doFinal(digest, 0, BLOCK);
    ciphers.give(cipher);
    return random;
  }

  /** RFC 3962 section 4, or RFC 8009 section 4. */
  byte[] ofPassword(KeyType type, char[] password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    byte[] salted = type.isSha2() ? namedSalt(type, salt) : salt;
    KeySpec spec = new PBEKeySpec(password, salted, iterations, type.keyLength() * 8);
    byte[] stretched =
        SecretKeyFactory.getInstance(type.passwordDerivation()).generateSecret(spec).getEncoded();
    return type.isSha2()
        ? expand(type, stretched, ascii("kerberos"), new byte[0], type.keyLength())
        : encryptOverAndOver(stretched, NFold.fold(ascii("kerberos"), BLOCK));
  }

  private static byte[] constant(int usage, int purpose) {
    return ByteBuffer.allocate(5).putInt(usage).put((byte) purpose).array();
  }

  /** KDF-HMAC-SHA2 (RFC 8009 section 3). */
  private byte[] expand(KeyType type, byte[] key, byte[] label, byte[] context, int length)
      throws GeneralSecurityException {
    Pool<Mac> pool = macs.apply(type);
    Mac mac = pool.take();
    mac.init(new SecretKeySpec(key, type.mac()));
    mac.update(new byte[] {0, 0, 0, 1});
    mac.update(label);
    mac.update((byte) 0);
    mac.update(context);
    mac.update(ByteBuffer.allocate(4).putInt(length * 8).array());
    byte[] derived = Arrays.copyOf(mac.doFinal(), length);
    pool.give(mac);
    return derived;
  }

  /** DR of RFC 3961 section 5.1: encrypts the folded constant again and again. */
  private byte[] encryptOverAndOver(byte[] key, byte[] folded) throws GeneralSecurityException {
    Cipher cipher = ciphers.take();
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    byte[] derived = new byte[key.length];
    cipher.doFinal(folded, 0, BLOCK, derived, 0);
    for (int done = BLOCK; done < derived.length; done += BLOCK) {
      cipher.doFinal(derived, done - BLOCK, BLOCK, derived, done);
    }
    ciphers.give(cipher);
    return derived;
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/ECB/NoPadding");
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("This JDK lacks AES", missing);
    }
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
