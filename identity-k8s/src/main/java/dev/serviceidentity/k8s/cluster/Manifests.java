// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.ClusterFacts;
import java.util.List;
import java.util.Objects;

/**
 * What a set of manifest files says.
 *
 * @param facts what the engine decides by
 * @param claims what ServiceAccounts claim
 * @param report what was found wrong
 * @param digest names the content of all files together
 */
public record Manifests(
    ClusterFacts facts, List<AccountClaim> claims, LoadReport report, String digest) {
  /**
   * Copies the list.
   *
   * @param facts what the engine decides by
   * @param claims what ServiceAccounts claim
   * @param report what was found wrong
   * @param digest names the content of all files together
   */
  public Manifests {
    Objects.requireNonNull(facts, "facts");
    claims = List.copyOf(claims);
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(digest, "digest");
  }
}
