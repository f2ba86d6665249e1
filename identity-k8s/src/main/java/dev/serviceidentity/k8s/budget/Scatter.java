// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

/** Hashes that depend on a secret, so that nobody can choose who shares a cell. */
final class Scatter {
  private static final long PRIME = 0x9e37_79b9_7f4a_7c15L;

  private Scatter() {}

  static int of(long seed, long first, long second) {
    return (int) (mixed(mixed(seed ^ first) + second) >>> Integer.SIZE);
  }

  static int of(long seed, String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = mixed(hash + text.charAt(i));
    }
    return (int) (hash >>> Integer.SIZE);
  }

  /** Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014. */
  private static long mixed(long bits) {
    long mixed = bits + PRIME;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ (mixed >>> 31);
  }
}
