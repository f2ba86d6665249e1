// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.util.SplittableRandom;

/**
 * Where a pair belongs in a table, by numbers that no sender knows: who has a session key can make
 * MACs to his liking, and must not be able to crowd one place with them.
 */
final class PairHash {
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
}
