// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a set of manifest files says.
 *
 * @param facts what the engine decides by
 * @param workloads who made the pods of these facts; each pod belongs to exactly one
 * @param services names that workloads have, which no policy knows
 * @param claims what ServiceAccounts claim
 * @param ignored loopback addresses that do not count, with the names of the pods that have them
 * @param report what was found wrong
 * @param digest names the content of all files together
 */
public record Manifests(
    ClusterFacts facts,
    List<WorkloadPods> workloads,
    List<ServiceFacts> services,
    List<AccountClaim> claims,
    Map<IpAddress, String> ignored,
    LoadReport report,
    String digest) {
  /**
   * Copies the collections.
   *
   * @param facts what the engine decides by
   * @param workloads who made the pods of these facts
   * @param services names that workloads have
   * @param claims what ServiceAccounts claim
   * @param ignored loopback addresses that do not count
   * @param report what was found wrong
   * @param digest names the content of all files together
   */
  public Manifests {
    Objects.requireNonNull(facts, "facts");
    workloads = List.copyOf(workloads);
    services = List.copyOf(services);
    claims = List.copyOf(claims);
    ignored = Map.copyOf(ignored);
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(digest, "digest");
  }

  /**
   * The same of a cluster that holds more than is shown: an address that nobody claims may be of
   * what is not shown, and so is not known to be outside the cluster.
   *
   * @param what for people, such as {@code a pod that the manifests do not show}
   * @return manifests of which the engine decides so
   */
  public Manifests lacking(String what) {
    var nowhere = new PodFacts.Placement(PodFacts.Lifecycle.ACTIVE, false, List.of(), List.of());
    var owners = new ArrayList<>(facts.gaps().owners());
    owners.add(new UnknownOwner(what, nowhere));
    var gaps = new ClusterFacts.Gaps(facts.gaps().policies(), owners);
    return new Manifests(
        new ClusterFacts(facts.namespaces(), facts.pods(), facts.nodes(), facts.policies(), gaps),
        workloads,
        services,
        claims,
        ignored,
        report,
        digest);
  }
}
