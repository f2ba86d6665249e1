// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.AccountClaim;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.ViewStamp;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A live cluster at one moment, with what is known to be missing.
 *
 * @param engine decides by what was seen
 * @param surroundings what engines do not look at
 * @param stamp which state this is, and when it was last proven
 * @param outdated why nothing may be decided by it any more; empty while it may
 */
public record Sight(
    PolicyEngine engine, Surroundings surroundings, ViewStamp stamp, String outdated) {

  /**
   * What engines do not look at.
   *
   * @param claims what ServiceAccounts claim
   * @param ignored loopback addresses that do not count, with the pods that have them
   * @param report what is wrong with single objects
   * @param podsSeen whether pods may be seen, so that one that is not there is nowhere
   */
  public record Surroundings(
      List<AccountClaim> claims,
      Map<IpAddress, String> ignored,
      LoadReport report,
      boolean podsSeen) {
    /**
     * Copies the collections.
     *
     * @param claims what ServiceAccounts claim
     * @param ignored loopback addresses that do not count
     * @param report what is wrong with single objects
     * @param podsSeen whether pods may be seen
     */
    public Surroundings {
      claims = List.copyOf(claims);
      ignored = Map.copyOf(ignored);
      Objects.requireNonNull(report, "report");
    }
  }

  /**
   * Checks that nothing is missing.
   *
   * @param engine decides by what was seen
   * @param surroundings what engines do not look at
   * @param stamp which state this is
   * @param outdated why nothing may be decided by it any more
   */
  public Sight {
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(surroundings, "surroundings");
    Objects.requireNonNull(stamp, "stamp");
    Objects.requireNonNull(outdated, "outdated");
  }
}
