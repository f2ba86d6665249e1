// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.StalePolicy;
import org.jspecify.annotations.Nullable;

/**
 * What the layers after authentication go by.
 *
 * @param allowed who may call
 * @param unbound which principals without a workload may call all the same
 * @param network the view of the cluster, or null where identity alone is trusted
 * @param side whose policies a call needs
 * @param enforcement how strictly
 * @param podBound whether a workload's credential must be for one pod
 * @param stale for how long an unproven view serves
 */
public record Rules(
    AllowedCallers allowed,
    AllowedCallers unbound,
    @Nullable ClusterNetwork network,
    Side side,
    boolean podBound,
    Enforcement enforcement,
    StalePolicy stale) {}
