// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.Registry.Entry;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.NodeFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects of one load while they are collected; says in the end what they say together. */
final class ClusterDraft {
  private final Registry<NamespaceFacts> namespaces = new Registry<>();
  private final PodRoster pods = new PodRoster();
  private final Registry<NodeFacts> nodes = new Registry<>();
  private final Registry<PolicyFacts> policies = new Registry<>();
  private final Registry<AccountClaim> claims = new Registry<>();
  private final List<UnreadPolicy> unread = new ArrayList<>();
  private final List<UnknownOwner> unknownOwners = new ArrayList<>();
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

  void addUnreadNamespace(ManifestObject object) {
    namespaces.addUnread(object.subject().name(), object);
  }

  /** The placement is null if it cannot be read either. */
  void addUnreadPod(ManifestObject object, @Nullable Placement placement) {
    pods.addUnreadPod(object);
    addUnknownOwner(object.describe(), placement);
  }

  void addUnreadTemplate(ManifestObject object) {
    pods.addUnreadTemplate(object);
    addUnknownOwner(
        object.describe(), new Placement(Lifecycle.TEMPLATE, false, List.of(), List.of()));
  }

  /** The addresses are null if they cannot be read either. */
  void addUnreadNode(ManifestObject object, @Nullable List<IpAddress> addresses) {
    nodes.addUnread(object.subject().name(), object);
    addUnknownOwner(object.describe(), addresses == null ? null : ofNode(addresses));
  }

  /** Something is there that may isolate pods. */
  void addUnread(UnreadPolicy policy) {
    unread.add(policy);
  }

  /** Something is there that may own addresses: those of its placement, or any if that is null. */
  void addUnknownOwner(String what, @Nullable Placement placement) {
    if (placement == null || placement.lifecycle() != Lifecycle.ENDED) {
      unknownOwners.add(new UnknownOwner(what, placement));
    }
  }

  private static Placement ofNode(List<IpAddress> addresses) {
    return new Placement(Lifecycle.ACTIVE, true, addresses, List.of());
  }

  List<AccountClaim> claims() {
    return values(claims.settle(findings, claim -> {}));
  }

  /** The pods of the load; to be asked once, since it reports what is wrong among them. */
  PodRoster.Settled pods() {
    return pods.settle(findings, this::addDisputedPod);
  }

  ClusterFacts facts(List<PodFacts> allPods) {
    List<PolicyFacts> disputed = new ArrayList<>();
    List<PolicyFacts> inForce =
        new ArrayList<>(
            values(policies.settle(findings, entry -> disputed.add(closed(entry.value())))));
    inForce.addAll(disputed);
    allPods.stream()
        .filter(pod -> pod.isAlive() && pod.placement().addresses().isEmpty())
        .forEach(
            pod ->
                addUnknownOwner(
                    "the pod " + pod.displayName() + ", whose address is not known,",
                    pod.placement()));
    return new ClusterFacts(
        values(namespaces.settle(findings, entry -> {})),
        allPods,
        values(nodes.settle(findings, this::addDisputedNode)),
        inForce,
        new Gaps(unread, unknownOwners));
  }

  private void addDisputedPod(Entry<OwnedPod> entry) {
    addUnknownOwner(entry.object().describe(), entry.value().facts().placement());
  }

  private void addDisputedNode(Entry<NodeFacts> entry) {
    addUnknownOwner(entry.object().describe(), ofNode(entry.value().addresses()));
  }

  private static PolicyFacts closed(PolicyFacts disputed) {
    return PolicyFacts.closed(disputed.namespace(), disputed.name(), disputed.subject());
  }

  private static <T> List<T> values(List<Entry<T>> entries) {
    return entries.stream().map(Entry::value).toList();
  }
}
