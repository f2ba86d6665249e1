// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Flow.Side;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a service judges authenticated callers by, for those who ask who may call and not about one
 * call. Both parts live: a file of allowed callers that is followed, and the view of the cluster,
 * answer as of the moment at which they are asked.
 *
 * @param allowed who may call, by proven name
 * @param network the view of the cluster, which is not the asker's to close; null where identity
 *     alone is trusted
 * @param side whose network policies a call needs
 * @param enforcement how strictly the layers are enforced
 */
public record AccessTerms(
    AllowedCallers allowed, @Nullable ClusterNetwork network, Side side, Enforcement enforcement) {
  /**
   * Checks that nothing required is missing.
   *
   * @param allowed who may call, by proven name
   * @param network the view of the cluster, or null
   * @param side whose network policies a call needs
   * @param enforcement how strictly the layers are enforced
   */
  public AccessTerms {
    Objects.requireNonNull(allowed, "allowed");
    Objects.requireNonNull(side, "side");
    Objects.requireNonNull(enforcement, "enforcement");
  }
}
