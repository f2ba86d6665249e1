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
 * @param workloads who made the pods of these facts; each pod belongs to exactly one
 * @param claims what ServiceAccounts claim
 * @param report what was found wrong
 * @param digest names the content of all files together
 */
public record Manifests(
    ClusterFacts facts,
    List<WorkloadPods> workloads,
    List<AccountClaim> claims,
    LoadReport report,
    String digest) {
  /**
   * Copies the lists.
   *
   * @param facts what the engine decides by
   * @param workloads who made the pods of these facts
   * @param claims what ServiceAccounts claim
   * @param report what was found wrong
   * @param digest names the content of all files together
   */
  public Manifests {
    Objects.requireNonNull(facts, "facts");
    workloads = List.copyOf(workloads);
    claims = List.copyOf(claims);
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(digest, "digest");
  }
}
