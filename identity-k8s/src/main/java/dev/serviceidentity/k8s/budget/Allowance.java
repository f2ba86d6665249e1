// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import java.util.Objects;

/**
 * How much work some callers may cause.
 *
 * @param perSource each source address; all strangers of a /64 of IPv6 together may cause twice as
 *     much, since one host may have all of them, or a node's pods
 * @param perGroup each group of those for whom something is proven
 * @param inAll all of them together
 */
public record Allowance(Share perSource, Share perGroup, Share inAll) {
  /**
   * How much work may be caused.
   *
   * @param perSecond how many pieces a second in the long run, at least 1
   * @param burst how many at once after a pause, at least 1
   * @param waiting how many may be waited for at a time, at least 1
   */
  public record Share(int perSecond, int burst, int waiting) {
    /**
     * Checks the numbers.
     *
     * @param perSecond how many pieces a second
     * @param burst how many at once after a pause
     * @param waiting how many may be waited for at a time
     * @throws IllegalArgumentException if one is not positive
     */
    public Share {
      if (perSecond < 1 || burst < 1 || waiting < 1) {
        throw new IllegalArgumentException("A share that is not positive admits nobody");
      }
    }
  }

  /** What all of one network may cause. */
  Share perNetwork() {
    return new Share(2 * perSource.perSecond(), 2 * perSource.burst(), 2 * perSource.waiting());
  }

  /**
   * Checks that nothing is missing.
   *
   * @param perSource each source address
   * @param perGroup each group
   * @param inAll all together
   */
  public Allowance {
    Objects.requireNonNull(perSource, "perSource");
    Objects.requireNonNull(perGroup, "perGroup");
    Objects.requireNonNull(inAll, "inAll");
  }
}
