// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that join a response, a log line and an event. A counter is mixed with a secret one to one,
 * so that ids do not repeat within a process and do not tell how many requests there were.
 */
final class DecisionIds {
  private final AtomicLong counter;
  private final String process;

  DecisionIds(SecureRandom random) {
    this.counter = new AtomicLong(random.nextLong());
    this.process = HexFormat.of().toHexDigits(random.nextInt());
  }

  String next() {
    return process + HexFormat.of().toHexDigits(mix(counter.getAndIncrement()));
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits. */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
