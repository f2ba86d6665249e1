// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import dev.serviceidentity.identity.Health;
import java.util.Optional;

/**
 * One view of a cluster: resolves callers to workloads, decides flows, knows its own pod, and says
 * how fresh it is. What the guard needs for its layers BINDING and NETWORK. Thread-safe; meant for
 * implementing.
 */
public interface ClusterNetwork extends WorkloadResolver, PolicyChecker, AutoCloseable {
  /**
   * The pod that this process runs in.
   *
   * @return empty if the view was not told or does not show it; callers are refused meanwhile
   */
  Optional<Workload> self();

  /**
   * Which view decides now.
   *
   * @return the current stamp
   */
  ViewStamp stamp();

  /**
   * How the view does.
   *
   * @return one part, named for the view
   */
  Health.Part health();

  /**
   * Looks for what would keep this service from working although the view itself does: rights that
   * it lacks, policies that cannot be read, and services that it has said to need and cannot reach.
   * May ask the cluster, and block for that.
   *
   * @param heard is told each thing that was found, good or bad; unless overridden there is none
   */
  default void inspect(FindingListener heard) {}

  /** Stops watching. Decisions after this are undecidable. Closing twice does nothing. */
  @Override
  void close();
}
