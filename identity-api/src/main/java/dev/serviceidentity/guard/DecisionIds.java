// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that join a response, a log line and an event: a counter, permuted under secret keys. So they
 * do not repeat within a process, and whoever collects them does not learn how many requests there
 * were. They are not a secret.
 */
final class DecisionIds {
  private static final int ROUNDS = 4;

  private final AtomicLong counter = new AtomicLong();
  private final String process;
  private final long[] keys = new long[ROUNDS];

  DecisionIds(SecureRandom random) {
    this.process = HexFormat.of().toHexDigits(random.nextInt());
    for (int i = 0; i < ROUNDS; i++) {
      keys[i] = random.nextLong();
    }
  }

  String next() {
    return process + HexFormat.of().toHexDigits(permuted(counter.getAndIncrement()));
  }

  /** A Feistel network (Luby, Rackoff 1988): one to one, whatever its round function is. */
  private long permuted(long value) {
    int left = (int) (value >>> 32);
    int right = (int) value;
    for (long key : keys) {
      int next = left ^ (int) (mix(right ^ key) >>> 32);
      left = right;
      right = next;
    }
    return (long) left << 32 | (right & 0xffffffffL);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
