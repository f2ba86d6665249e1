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
 * @param scope how much of it
 * @param assumptions what the API leaves open
 * @param loopback what a loopback address in a pod's status is
 * @param annotated namespaces whose ServiceAccounts may claim principals
 * @param timing when and for how long
 */
public record LiveSettings(
    Scope scope, Assumptions assumptions, Loopback loopback, Set<String> annotated, Timing timing) {

  /** How much of a cluster is looked at. */
  public sealed interface Scope {
    /** All of it. */
    record Whole() implements Scope {}

    /**
     * What a service needs: its own pod, the policies of its own namespace, and the pods of those
     * service accounts that call it.
     *
     * @param namespace the own pod's namespace
     * @param pod the own pod's name
     */
    record Lean(String namespace, String pod) implements Scope {
      /**
       * Checks that nothing is missing.
       *
       * @param namespace the own pod's namespace
       * @param pod the own pod's name
       */
      public Lean {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(pod, "pod");
      }
    }
  }

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
   * @param scope how much of it
   * @param assumptions what the API leaves open
   * @param loopback what a loopback address in a pod's status is
   * @param annotated namespaces whose ServiceAccounts may claim principals
   * @param timing when and for how long
   */
  public LiveSettings {
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(assumptions, "assumptions");
    Objects.requireNonNull(loopback, "loopback");
    annotated = Set.copyOf(annotated);
    Objects.requireNonNull(timing, "timing");
  }
}
