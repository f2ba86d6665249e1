// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.util.SplittableRandom;

/**
 * Where a pair belongs in a table, by numbers that no sender knows: who has a session key can make
 * MACs to his liking, and who has a KDC names, and must not be able to crowd one place with them.
 */
final class PairHash {
  private static final int BLOCK = 256;

  private final long first;
  private final long second;
  private final long[] ofChars;

  PairHash(SplittableRandom random) {
    this.first = random.nextLong() | 1;
    this.second = random.nextLong() | 1;
    this.ofChars = random.longs(BLOCK).toArray();
  }

  long of(long high, long low) {
    long mixed = (high ^ second) * first;
    mixed ^= mixed >>> 32;
    mixed = (mixed + low) * second;
    mixed ^= mixed >>> 29;
    mixed *= first;
    return mixed ^ (mixed >>> 32);
  }

  /** What stands for a text; never zero. */
  long of(String text) {
    long hash = text.length();
    for (int start = 0; start < text.length(); start += BLOCK) {
      // A sum whose parts do not wait for each other, other than those of String.hashCode.
      long sum = 0;
      int length = Math.min(BLOCK, text.length() - start);
      for (int i = 0; i < length; i++) {
        sum += ofChars[i] * (text.charAt(start + i) + 1);
      }
      hash = of(hash, sum);
    }
    return hash == 0 ? 1 : hash;
  }
}
