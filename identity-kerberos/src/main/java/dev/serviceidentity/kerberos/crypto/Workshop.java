// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;

/**
 * Ciphers and MACs that work for one key after another, for keys that are used once: to make them
 * costs more than to use them. Thread-safe, and bounded.
 */
public final class Workshop {
  private static final int POOLED = 8;

  /** Sealers of one type for the keys of all clients: some 200 kB, which stay in the cache. */
  private static final int SHARED = 64;

  /** Sealers for one key: one for each thread that works with it. */
  private static final int OWN = 4;

  private final Provider aes = aes();
  private final KeyDerivation derivation;
  private final Map<KeyType, Bench> benches = new EnumMap<>(KeyType.class);
  private final Map<KeyType, Pool<Mac>> macs = new EnumMap<>(KeyType.class);

  /** A workshop without any tools so far. */
  public Workshop() {
    derivation = new KeyDerivation(this::macs);
    for (KeyType type : KeyType.values()) {
      benches.put(type, new Bench(SHARED, () -> sealer(type)));
      macs.put(type, new Pool<>(POOLED, () -> mac(type)));
    }
  }

  KeyDerivation derivation() {
    return derivation;
  }

  /** One that the keys of all clients share. */
  Bench sharedBench(KeyType type) {
    return Objects.requireNonNull(benches.get(type));
  }

  /** A new one, for a key that is worked with all the time. */
  Bench ownBench(KeyType type) {
    return new Bench(OWN, () -> sealer(type));
  }

  /** MACs that are given keys each time that they are taken. */
  Pool<Mac> macs(KeyType type) {
    return Objects.requireNonNull(macs.get(type));
  }

  private Sealer sealer(KeyType type) {
    try {
      return new Sealer(type, aes);
    } catch (GeneralSecurityException missing) {
      throw lacking(type, missing);
    }
  }

  private static Mac mac(KeyType type) {
    try {
      return Mac.getInstance(type.mac());
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
