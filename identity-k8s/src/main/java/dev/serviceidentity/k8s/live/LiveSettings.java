// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.network.StalePolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How a live cluster is looked at.
 *
 * @param assumptions what the API leaves open
 * @param loopback what a loopback address in a pod's status is
 * @param annotated namespaces whose ServiceAccounts may claim principals
 * @param timing when and for how long
 */
public record LiveSettings(
    Assumptions assumptions, Loopback loopback, Set<String> annotated, Timing timing) {

  /**
   * When and for how long.
   *
   * @param stale how long a view serves that is not proven any more
   * @param openTimeout how long opening may wait until everything has been seen
   * @param clock the source of the time of day
   */
  public record Timing(StalePolicy stale, Duration openTimeout, Clock clock) {
    /**
     * Checks that nothing is missing.
     *
     * @param stale how long a view serves that is not proven any more
     * @param openTimeout how long opening may wait
     * @param clock the source of the time of day
     */
    public Timing {
      Objects.requireNonNull(stale, "stale");
      Objects.requireNonNull(openTimeout, "openTimeout");
      Objects.requireNonNull(clock, "clock");
    }
  }

  /**
   * Copies the set.
   *
   * @param assumptions what the API leaves open
   * @param loopback what a loopback address in a pod's status is
   * @param annotated namespaces whose ServiceAccounts may claim principals
   * @param timing when and for how long
   */
  public LiveSettings {
    Objects.requireNonNull(assumptions, "assumptions");
    Objects.requireNonNull(loopback, "loopback");
    annotated = Set.copyOf(annotated);
    Objects.requireNonNull(timing, "timing");
  }
}
