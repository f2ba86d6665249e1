// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A Kerberos key: seals, opens and signs. What is derived from it for a usage is derived once.
 * Shows itself nowhere. Thread-safe.
 */
public final class ProtocolKey {
  private final KeyType type;
  private final byte[] key;
  private final Workshop workshop;
  private final boolean busy;

  // Two threads that derive at the same time derive twice, and one of the results is forgotten.
  private volatile @Nullable Derived<UsageKeys> sealers;
  private volatile @Nullable Derived<SecretKeySpec> signers;

  /**
   * A key that somebody has.
   *
   * @param type its type
   * @param key copied
   * @param workshop what it works with, shared by all keys of one owner
   * @throws IllegalArgumentException if the type has keys of another length
   */
  public ProtocolKey(KeyType type, byte[] key, Workshop workshop) {
    this(type, key, workshop, true);
  }

  private ProtocolKey(KeyType type, byte[] key, Workshop workshop, boolean busy) {
    if (key.length != type.keyLength()) {
      throw new IllegalArgumentException(
          type + " has keys of " + type.keyLength() + " bytes, not " + key.length);
    }
    this.type = type;
    this.key = key.clone();
    this.workshop = workshop;
    this.busy = busy;
  }

  /**
   * The key of a password (string-to-key: RFC 3962 section 4, RFC 8009 section 4).
   *
   * @param type the type of the key
   * @param password any Unicode text
   * @param salt what the KDC says, or realm and components without separators
   * @param iterations what the KDC says: 4096 for SHA-1 and 32768 for SHA-2 unless it does
   * @param workshop what it works with
   * @return the key
   */
  public static ProtocolKey ofPassword(
      KeyType type, char[] password, byte[] salt, int iterations, Workshop workshop) {
    try {
      byte[] key = workshop.derivation().ofPassword(type, password, salt, iterations);
      return new ProtocolKey(type, key, workshop);
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }

  /**
   * The key of a client or of one connection. There are many of them: they share their tools.
   *
   * @param other its type
   * @param secret copied
   * @return the other key
   * @throws IllegalArgumentException if the type has keys of another length
   */
  public ProtocolKey beside(KeyType other, byte[] secret) {
    return new ProtocolKey(other, secret, workshop, false);
  }

  /**
   * The type.
   *
   * @return never null
   */
  public KeyType type() {
    return type;
  }

  /**
   * The secret.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return key.clone();
  }

  /**
   * Opens what this key has sealed for a usage.
   *
   * @param usage what it was sealed for
   * @param sealed an array that holds it
   * @param offset where it begins
   * @param length how long it is
   * @return the content, or empty if another key or another text made the MAC
   */
  public Optional<byte[]> open(KeyUsage usage, byte[] sealed, int offset, int length) {
    return work(usage, sealer -> sealer.open(sealed, offset, length));
  }

  /**
   * Seals content.
   *
   * @param usage what it is for
   * @param content any number of bytes
   * @param random where the confounder comes from
   * @return the ciphertext and its MAC
   */
  public byte[] seal(KeyUsage usage, byte[] content, RandomOctets random) {
    return seal(usage, content, random.take(StealingCipher.BLOCK));
  }

  /** With a given confounder, as the RFCs' vectors have one. */
  byte[] seal(KeyUsage usage, byte[] content, byte[] confounder) {
    return work(usage, sealer -> sealer.seal(confounder, content));
  }

  /**
   * The checksum of content (RFC 3961 section 5.4, RFC 8009 section 6), of the type's mandatory
   * checksum type.
   *
   * @param usage what it is for
   * @param content any number of bytes
   * @return as many bytes as {@link KeyType#macLength()} says
   */
  public byte[] checksum(KeyUsage usage, byte[] content) {
    Pool<Mac> pool = workshop.macs(type);
    Mac mac = pool.take();
    try {
      mac.init(signer(usage));
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
    byte[] whole = mac.doFinal(content);
    pool.give(mac);
    return Arrays.copyOf(whole, type.macLength());
  }

  /**
   * The pseudo-random function (RFC 3962 section 6, RFC 8009 section 5).
   *
   * @param octets any number of bytes
   * @return 16 bytes for the SHA-1 types, 32 or 48 for the others
   */
  public byte[] pseudoRandom(byte[] octets) {
    try {
      return workshop.derivation().pseudoRandom(type, key, octets);
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }

  /** Returns the type. */
  @Override
  public String toString() {
    return "ProtocolKey[" + type + "]";
  }

  private <T> T work(KeyUsage usage, Bench.Work<T> work) {
    UsageKeys keys = keys(usage);
    try {
      return keys.bench().work(keys, work);
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }

  private UsageKeys keys(KeyUsage usage) {
    Derived<UsageKeys> list = sealers;
    UsageKeys known = Derived.find(list, usage);
    if (known != null) {
      return known;
    }
    byte[] encryption = derive(usage, KeyDerivation.ENCRYPTION);
    byte[] integrity = derive(usage, KeyDerivation.INTEGRITY);
    Bench bench = busy ? workshop.ownBench(type) : workshop.sharedBench(type);
    var made = new UsageKeys(encryption, integrity, bench);
    sealers = new Derived<>(usage, made, list);
    return made;
  }

  private SecretKeySpec signer(KeyUsage usage) {
    Derived<SecretKeySpec> list = signers;
    SecretKeySpec known = Derived.find(list, usage);
    if (known != null) {
      return known;
    }
    var made = new SecretKeySpec(derive(usage, KeyDerivation.CHECKSUM), type.mac());
    signers = new Derived<>(usage, made, list);
    return made;
  }

  private byte[] derive(KeyUsage usage, int purpose) {
    try {
      return workshop.derivation().derive(type, key, usage.number(), purpose);
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }
}
