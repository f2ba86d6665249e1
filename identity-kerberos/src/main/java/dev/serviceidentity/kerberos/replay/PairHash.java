// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.util.SplittableRandom;

/**
 * Where a pair belongs in a table, by numbers that no sender knows: who has a session key can make
 * MACs to his liking, and who has a KDC names, and must not be able to crowd one place with them.
 */
final class PairHash {
  private static final int CHARS = Long.SIZE / Character.SIZE;

  private final long first;
  private final long second;

  PairHash(SplittableRandom random) {
    this.first = random.nextLong() | 1;
    this.second = random.nextLong() | 1;
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
    for (int start = 0; start < text.length(); start += CHARS) {
      long word = 0;
      for (int i = start; i < Math.min(start + CHARS, text.length()); i++) {
        word = word << Character.SIZE | text.charAt(i);
      }
      hash = of(hash, word);
    }
    return hash == 0 ? 1 : hash;
  }
}
