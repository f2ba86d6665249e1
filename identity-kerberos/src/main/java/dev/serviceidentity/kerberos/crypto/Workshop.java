// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Ciphers and MACs that work for one key after another, for keys that are used once: to make them
 * costs more than to use them. Thread-safe, and bounded.
 */
public final class Workshop {
  private static final int POOLED = 8;

  private final Provider aes = aes();
  private final KeyDerivation derivation = new KeyDerivation();
  private final Map<KeyType, Pool<Sealer>> sealers = new EnumMap<>(KeyType.class);

  /** A workshop without any tools so far. */
  public Workshop() {
    for (KeyType type : KeyType.values()) {
      sealers.put(type, new Pool<>(POOLED, () -> sealer(type)));
    }
  }

  KeyDerivation derivation() {
    return derivation;
  }

  /** Those that are given keys each time that they are taken. */
  Pool<Sealer> sealers(KeyType type) {
    return Objects.requireNonNull(sealers.get(type));
  }

  /** One that has no keys yet. */
  Sealer sealer(KeyType type) {
    try {
      return new Sealer(type, aes);
    } catch (GeneralSecurityException missing) {
      throw lacking(type, missing);
    }
  }

  static IllegalStateException lacking(KeyType type, GeneralSecurityException missing) {
    return new IllegalStateException("This JDK lacks what " + type + " is made of", missing);
  }

  private static Provider aes() {
    try {
      return StealingCipher.provider();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("This JDK lacks AES", missing);
    }
  }
}
