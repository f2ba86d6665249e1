// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.Registry.Entry;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.NodeFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.ArrayList;
import java.util.List;

/** The objects of one load while they are collected; says in the end what they say together. */
final class ClusterDraft {
  private final Registry<NamespaceFacts> namespaces = new Registry<>();
  private final PodRoster pods = new PodRoster();
  private final Registry<NodeFacts> nodes = new Registry<>();
  private final Registry<PolicyFacts> policies = new Registry<>();
  private final Registry<AccountClaim> claims = new Registry<>();
  private final List<UnreadPolicy> unread = new ArrayList<>();
  private final List<String> unknownOwners = new ArrayList<>();
  private final Findings findings;

  ClusterDraft(Findings findings) {
    this.findings = findings;
  }

  void add(ManifestObject object, NamespaceFacts namespace) {
    namespaces.add(namespace.name(), object, namespace);
  }

  void add(ManifestObject object, OwnedPod pod) {
    pods.add(object, pod);
  }

  void add(ManifestObject object, NodeFacts node) {
    nodes.add(node.name(), object, node);
  }

  void add(ManifestObject object, PolicyFacts policy) {
    policies.add(policy.displayName(), object, policy);
  }

  void add(ManifestObject object, AccountClaim claim) {
    claims.add(claim.account().toString(), object, claim);
  }

  /** Something is there that may isolate pods. */
  void addUnread(UnreadPolicy policy) {
    unread.add(policy);
  }

  /** Something is there that may own addresses. */
  void addUnknownOwner(String what) {
    unknownOwners.add(what + " may own it");
  }

  List<AccountClaim> claims() {
    return values(claims.settle(findings, claim -> {}));
  }

  /** The pods of the load; to be asked once, since it reports what is wrong among them. */
  PodRoster.Settled pods() {
    return pods.settle(findings, this::addUnknownOwner);
  }

  ClusterFacts facts(List<PodFacts> allPods) {
    List<PolicyFacts> disputed = new ArrayList<>();
    List<PolicyFacts> inForce =
        new ArrayList<>(
            values(policies.settle(findings, entry -> disputed.add(closed(entry.value())))));
    inForce.addAll(disputed);
    allPods.stream()
        .filter(pod -> pod.isAlive() && pod.placement().addresses().isEmpty())
        .map(pod -> "the pod " + pod.displayName() + ", whose address is not known,")
        .forEach(this::addUnknownOwner);
    return new ClusterFacts(
        values(namespaces.settle(findings, entry -> {})),
        allPods,
        values(nodes.settle(findings, this::addUnknownOwner)),
        inForce,
        new Gaps(unread, unknownOwners));
  }

  private void addUnknownOwner(Entry<?> entry) {
    addUnknownOwner(entry.object().describe());
  }

  private static PolicyFacts closed(PolicyFacts disputed) {
    return PolicyFacts.closed(disputed.namespace(), disputed.name(), disputed.subject());
  }

  private static <T> List<T> values(List<Entry<T>> entries) {
    return entries.stream().map(Entry::value).toList();
  }
}
