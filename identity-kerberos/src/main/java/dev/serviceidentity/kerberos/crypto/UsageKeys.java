// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;

/** The two keys that one usage is sealed with, and what works with them. Shows no secret. */
final class UsageKeys {
  private static final int POOLED = 4;

  private final KeyType type;
  private final byte[] encryption;
  private final byte[] integrity;
  private final Pool<Sealer> once;
  private final Pool<Sealer> own;

  /** A hint, written without any order: two threads may both be the first. */
  private boolean used;

  UsageKeys(KeyType type, byte[] encryption, byte[] integrity, Workshop workshop) {
    this.type = type;
    this.encryption = encryption;
    this.integrity = integrity;
    this.once = workshop.sealers(type);
    this.own = new Pool<>(POOLED, () -> keyed(Workshop.sealer(type)));
  }

  /** What is done with a sealer. */
  interface Work<T> {
    T with(Sealer sealer) throws GeneralSecurityException;
  }

  /** Most keys of clients that come once are used once: only the second time tools are kept. */
  <T> T work(Work<T> work) {
    boolean first = !used;
    used = true;
    Pool<Sealer> pool = first ? once : own;
    Sealer sealer = first ? keyed(pool.take()) : pool.take();
    try {
      T done = work.with(sealer);
      pool.give(sealer);
      return done;
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }

  private Sealer keyed(Sealer sealer) {
    try {
      sealer.rekey(encryption, integrity);
      return sealer;
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }
}
