// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a set of manifest files says.
 *
 * @param facts what the engine decides by
 * @param claims what ServiceAccounts claim
 * @param ignored loopback addresses that do not count, with the names of the pods that have them
 * @param report what was found wrong
 * @param digest names the content of all files together
 */
public record Manifests(
    ClusterFacts facts,
    List<AccountClaim> claims,
    Map<IpAddress, String> ignored,
    LoadReport report,
    String digest) {
  /**
   * Copies the collections.
   *
   * @param facts what the engine decides by
   * @param claims what ServiceAccounts claim
   * @param ignored loopback addresses that do not count
   * @param report what was found wrong
   * @param digest names the content of all files together
   */
  public Manifests {
    Objects.requireNonNull(facts, "facts");
    claims = List.copyOf(claims);
    ignored = Map.copyOf(ignored);
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(digest, "digest");
  }
}
