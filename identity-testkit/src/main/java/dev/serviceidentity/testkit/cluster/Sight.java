// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.ClusterFacts.Policies;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import dev.serviceidentity.network.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How much of a cluster its view sees. What it does not see is missing from the facts and is a
 * known gap, so that the engine itself finds what cannot be decided.
 *
 * @param missing the rights that the view does not have
 * @param blindness why it sees nothing at all; empty if it sees
 */
record Sight(SortedSet<Right> missing, String blindness) {
  static final Sight FULL = new Sight(new TreeSet<>(), "");

  Sight without(Right right) {
    var more = new TreeSet<>(missing);
    more.add(right);
    return new Sight(more, blindness);
  }

  Sight blind(String why) {
    return new Sight(missing, why);
  }

  boolean isFull() {
    return missing.isEmpty() && blindness.isEmpty();
  }

  /** Why something may be unknown, for people. */
  String why() {
    return blindness.isEmpty()
        ? "the view's service account has no right to "
            + missing.stream().map(Right::toString).collect(Collectors.joining(", to "))
        : blindness;
  }

  private boolean hides(String resource) {
    return !blindness.isEmpty()
        || missing.stream().anyMatch(right -> right.resource().equals(resource));
  }

  /** Whether an address that nobody shows may be somebody's. */
  boolean hidesOwners() {
    return hides(Right.PODS) || hides(Right.NODES);
  }

  /** What the view sees. Its own pod it is told by its environment. */
  Manifests of(Manifests all, Optional<String> ownPod) {
    ClusterFacts facts = all.facts();
    var seen =
        new ClusterFacts(
            hides(Right.NAMESPACES) ? List.of() : facts.namespaces(),
            hides(Right.PODS) ? only(ownPod, facts.pods()) : facts.pods(),
            hides(Right.NODES) ? List.of() : facts.nodes(),
            new Policies(
                hides(Right.NETWORK_POLICIES) ? List.of() : facts.policies().ofNamespaces(),
                hides(Right.CLUSTER_POLICIES) ? List.of() : facts.policies().ofCluster()),
            gaps(facts.gaps()));
    // The findings were told when the objects were applied, and are told there alone.
    return new Manifests(
        seen,
        all.workloads(),
        all.services(),
        hides(Right.SERVICE_ACCOUNTS) ? List.of() : all.claims(),
        all.ignored(),
        new LoadReport(List.of()),
        all.digest());
  }

  private static List<PodFacts> only(Optional<String> name, List<PodFacts> pods) {
    return pods.stream().filter(pod -> name.filter(pod.displayName()::equals).isPresent()).toList();
  }

  private Gaps gaps(Gaps known) {
    var policies = new ArrayList<>(known.policies());
    if (hides(Right.NETWORK_POLICIES) || hides(Right.CLUSTER_POLICIES)) {
      policies.add(new UnreadPolicy("any policy, since " + why(), null));
    }
    var owners = new ArrayList<>(known.owners());
    if (hidesOwners()) {
      var nowhere = new Placement(Lifecycle.ACTIVE, false, List.of(), List.of());
      owners.add(new UnknownOwner("somebody who is not seen, since " + why() + ",", nowhere));
    }
    return new Gaps(policies, owners);
  }

  /** Adds to what the engine says of an undecidable flow why a fact may be missing. */
  Explanation extend(Explanation undecidable) {
    return isFull() || undecidable.render().contains(why())
        ? undecidable
        : new Explanation(
            undecidable.summary() + " Not all of the cluster is seen: " + why() + ".",
            undecidable.parts(),
            undecidable.decidedBy());
  }
}
