// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The two keys that one usage is sealed with, and what works with them. Shows no secret. */
final class UsageKeys {
  private static final int POOLED = 4;

  private final KeyType type;
  private final byte[] encryption;
  private final byte[] integrity;
  private final Workshop workshop;

  /** Hints, written without any order: two threads may both be the first. */
  private boolean used;

  private @Nullable Pool<Sealer> own;

  UsageKeys(KeyType type, byte[] encryption, byte[] integrity, Workshop workshop) {
    this.type = type;
    this.encryption = encryption;
    this.integrity = integrity;
    this.workshop = workshop;
  }

  /** What is done with a sealer. */
  interface Work<T> {
    T with(Sealer sealer) throws GeneralSecurityException;
  }

  /** Most keys of clients that come once are used once: only the second time tools are kept. */
  <T> T work(Work<T> work) {
    boolean first = !used;
    used = true;
    Pool<Sealer> pool = first ? workshop.sealers(type) : own();
    Sealer sealer = first ? keyed(pool.take()) : pool.take();
    try {
      T done = work.with(sealer);
      pool.give(sealer);
      return done;
    } catch (GeneralSecurityException missing) {
      throw Workshop.lacking(type, missing);
    }
  }

  private Pool<Sealer> own() {
    Pool<Sealer> known = own;
    if (known == null) {
      known = new Pool<>(POOLED, () -> keyed(workshop.sealer(type)));
      own = known;
    }
    return known;
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
