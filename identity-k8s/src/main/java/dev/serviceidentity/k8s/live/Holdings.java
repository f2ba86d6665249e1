// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.AccountClaim;
import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.ClusterFacts.Policies;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.NodeFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All resources that a view is made from. Used by the updater's thread alone.
 *
 * @param nodes none where nodes are not looked at
 */
record Holdings(
    Holding<NamespaceFacts> namespaces,
    PodHoldings pods,
    List<Holding<NodeFacts>> nodes,
    Holding<PolicyFacts> policies,
    List<Holding<ClusterPolicyFacts>> clusterPolicies,
    List<Holding<AccountClaim>> accounts,
    Release release) {

  Stream<Holding<?>> all() {
    return Stream.<Stream<? extends Holding<?>>>of(
            Stream.of(namespaces),
            pods.all(),
            nodes.stream(),
            Stream.of(policies),
            clusterPolicies.stream(),
            accounts.stream())
        .flatMap(each -> each);
  }

  /** Also those that no view waits for. */
  Stream<Holding<?>> watched() {
    return Stream.concat(all(), pods.unanswered());
  }

  boolean areAsked() {
    return all().allMatch(Holding::isAsked);
  }

  /** A view is as old as its oldest part. */
  Instant provenAt() {
    return all().map(Holding::provenAt).min(Instant::compareTo).orElse(Instant.MIN);
  }

  String version() {
    return all().map(Holding::toString).collect(Collectors.joining(", "));
  }

  private Stream<Doubts> doubts() {
    return Stream.concat(Stream.of(pods.doubts(!nodes.isEmpty())), all().flatMap(Holding::doubts));
  }

  ClusterFacts facts() {
    return new ClusterFacts(
        namespaces.facts(),
        pods.facts(),
        nodes.stream().flatMap(each -> each.facts().stream()).toList(),
        policiesInForce(),
        new Gaps(
            doubts().flatMap(each -> each.policies().stream()).toList(),
            doubts().flatMap(each -> each.owners().stream()).toList(),
            !release.namesNamespaces()));
  }

  Policies policiesInForce() {
    return new Policies(
        policies.facts(), clusterPolicies.stream().flatMap(each -> each.facts().stream()).toList());
  }

  /** Another number once the rules about the own pod may be others. */
  long revisionOfRules() {
    return Stream.concat(Stream.of(namespaces, policies, pods.always()), clusterPolicies.stream())
        .mapToLong(Holding::revision)
        .sum();
  }

  Sight.Surroundings surroundings() {
    boolean all = accounts.stream().flatMap(Holding::doubts).noneMatch(Doubts::claimUnread);
    List<AccountClaim> claims =
        accounts.stream()
            .flatMap(each -> each.facts().stream())
            .map(each -> new AccountClaim(each.account(), each.principal(), each.believed() && all))
            .toList();
    var ignored = new HashMap<IpAddress, String>();
    for (LiveObject<PodFacts> pod : pods.objects().toList()) {
      pod.doubts().ignored().forEach(address -> ignored.putIfAbsent(address, pod.path()));
    }
    return new Sight.Surroundings(claims, ignored, report(), pods.isOwnPodSeen());
  }

  private LoadReport report() {
    return new LoadReport(doubts().flatMap(each -> each.findings().stream()).toList());
  }

  /** What is wrong with which resource. */
  Map<String, String> troubles() {
    var troubles = new LinkedHashMap<String, String>();
    watched()
        .forEach(
            each ->
                each.trouble()
                    .ifPresent(what -> troubles.put(each.topic().resource().toString(), what)));
    return troubles;
  }

  /** How many objects of which resource, for people. */
  Map<String, Integer> counts() {
    return all()
        .filter(each -> each.standing() == Holding.Standing.SHOWN)
        .collect(
            Collectors.toMap(
                each -> each.topic().resource().toString(), each -> each.objects().size()));
  }
}
