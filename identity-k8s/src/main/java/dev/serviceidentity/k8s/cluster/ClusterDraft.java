// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.Registry.Entry;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.ClusterFacts.Gaps;
import dev.serviceidentity.k8s.policy.ClusterFacts.Policies;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects of one load while they are collected; says in the end what they say together. */
final class ClusterDraft {
  private final Registry<NamespaceFacts> namespaces = new Registry<>();
  private final PodRoster pods = new PodRoster();
  private final Registry<NodeFacts> nodes = new Registry<>();
  private final Registry<MappedPolicy> policies = new Registry<>();
  private final Registry<Account> accounts = new Registry<>();
  private final List<Account> doubtful = new ArrayList<>();
  private boolean anyClaimUnread;
  private final Registry<ClusterPolicyFacts> clusterPolicies = new Registry<>();
  private final List<UnreadPolicy> unread = new ArrayList<>();
  private final List<UnknownOwner> unknownOwners = new ArrayList<>();
  private final Map<IpAddress, String> ignored = new LinkedHashMap<>();
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

  void add(ManifestObject object, MappedPolicy policy) {
    policies.add(policy.facts().displayName(), object, policy);
  }

  /** A doubtful one has errors that leave no doubt of its name and what it claims. */
  void add(ManifestObject object, Account account, boolean isDoubtful) {
    if (isDoubtful) {
      accounts.addUnread(object.path(), object);
      doubtful.add(account);
    } else {
      accounts.add(object.path(), object, account);
    }
  }

  void addUnreadAccount(ManifestObject object) {
    accounts.addUnread(object.path(), object);
    anyClaimUnread = true;
  }

  void add(ManifestObject object, ClusterPolicyFacts policy) {
    clusterPolicies.add(policy.displayName(), object, policy);
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

  /** Something is there that may own any address, and claim any principal. */
  void addUnreadObject(String what) {
    addUnknownOwner(what, null);
    anyClaimUnread = true;
  }

  /** The placement is null if it may own any address. */
  private void addUnknownOwner(String what, @Nullable Placement placement) {
    if (placement == null || placement.lifecycle() != Lifecycle.ENDED) {
      unknownOwners.add(new UnknownOwner(what, placement));
    }
  }

  private static Placement ofNode(List<IpAddress> addresses) {
    return new Placement(Lifecycle.ACTIVE, true, addresses, List.of());
  }

  /** A loopback address does not count; whose it would be is worth knowing. */
  void addIgnored(IpAddress loopback, ManifestObject pod) {
    ignored.putIfAbsent(loopback, pod.path());
  }

  Map<IpAddress, String> ignored() {
    return ignored;
  }

  /**
   * What is claimed in a way that cannot be believed is among them: it contests what others claim.
   */
  List<AccountClaim> claims() {
    List<Account> settled = values(accounts.settle(findings, entry -> doubtful.add(entry.value())));
    return Stream.concat(
            settled.stream().flatMap(account -> account.claim(!anyClaimUnread)),
            doubtful.stream().flatMap(account -> account.claim(false)))
        .toList();
  }

  /** The pods of the load; to be asked once, since it reports what is wrong among them. */
  PodRoster.Settled pods() {
    return pods.settle(findings, this::addDisputedPod);
  }

  ClusterFacts facts(List<PodFacts> allPods) {
    List<PolicyFacts> inForce = policies();
    List<ClusterPolicyFacts> ofCluster = clusterPolicies();
    return new ClusterFacts(
        values(namespaces.settle(findings, entry -> {})),
        allPods,
        values(nodes.settle(findings, this::addDisputedNode)),
        new Policies(inForce, ofCluster),
        new Gaps(unread, unknownOwners));
  }

  /** A disputed one closes the pods that it selects. */
  private List<PolicyFacts> policies() {
    List<PolicyFacts> disputed = new ArrayList<>();
    List<Entry<MappedPolicy>> settled =
        policies.settle(
            findings, entry -> disputed.add(entry.value().disputed(entry.object().place())));
    return Stream.concat(
            settled.stream().map(entry -> entry.value().at(entry.object()::placeOf)),
            disputed.stream())
        .toList();
  }

  /** Of a disputed one nothing is certain, and it may touch any pod. */
  private List<ClusterPolicyFacts> clusterPolicies() {
    List<Entry<ClusterPolicyFacts>> settled =
        clusterPolicies.settle(
            findings, entry -> addUnread(new UnreadPolicy(entry.object().describe(), null)));
    var first = new HashMap<String, Entry<ClusterPolicyFacts>>();
    for (Entry<ClusterPolicyFacts> entry : settled) {
      ClusterPolicyFacts policy = entry.value();
      var other = first.putIfAbsent(policy.rank() + (isBaseline(policy) ? "v1alpha1" : ""), entry);
      if (other != null) {
        findings.of(
            Severity.WARNING,
            entry.object(),
            FieldPath.of("spec", "priority"),
            "is that of "
                + other.value().displayName()
                + " too; where both have a rule for a"
                + " flow, either may win");
      }
    }
    return values(settled);
  }

  private static boolean isBaseline(ClusterPolicyFacts policy) {
    return policy.kind() == ClusterPolicyFacts.Kind.BASELINE_ADMIN_NETWORK_POLICY;
  }

  private void addDisputedPod(Entry<OwnedPod> entry) {
    addUnknownOwner(entry.object().describe(), entry.value().facts().placement());
  }

  private void addDisputedNode(Entry<NodeFacts> entry) {
    addUnknownOwner(entry.object().describe(), ofNode(entry.value().addresses()));
  }

  private static <T> List<T> values(List<Entry<T>> entries) {
    return entries.stream().map(Entry::value).toList();
  }
}
