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
  private final Registry<OwnedPod> pods = new Registry<>();
  private final Registry<OwnedPod> templates = new Registry<>();
  private final Registry<NodeFacts> nodes = new Registry<>();
  private final Registry<PolicyFacts> policies = new Registry<>();
  private final Registry<ClusterPolicyFacts> clusterPolicies = new Registry<>();
  private final Registry<Account> accounts = new Registry<>();
  private final List<Account> doubtful = new ArrayList<>();
  private boolean anyClaimUnread;
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
    boolean template = pod.facts().placement().lifecycle() == Lifecycle.TEMPLATE;
    (template ? templates : pods).add(pod.facts().displayName(), object, pod);
  }

  void add(ManifestObject object, NodeFacts node) {
    nodes.add(node.name(), object, node);
  }

  void add(ManifestObject object, PolicyFacts policy) {
    policies.add(policy.displayName(), object, policy);
  }

  void add(ManifestObject object, ClusterPolicyFacts policy) {
    clusterPolicies.add(policy.displayName(), object, policy);
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

  void addUnreadNamespace(ManifestObject object) {
    namespaces.addUnread(object.subject().name(), object);
  }

  /** The placement is null if it cannot be read either. */
  void addUnreadPod(ManifestObject object, @Nullable Placement placement) {
    pods.addUnread(object.path(), object);
    addUnknownOwner(object.describe(), placement);
  }

  void addUnreadTemplate(ManifestObject object) {
    templates.addUnread(object.path(), object);
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

  ClusterFacts facts() {
    List<PolicyFacts> disputed = new ArrayList<>();
    List<PolicyFacts> inForce =
        new ArrayList<>(
            values(policies.settle(findings, entry -> disputed.add(closed(entry.value())))));
    inForce.addAll(disputed);
    List<ClusterPolicyFacts> ofCluster = clusterPolicies();
    List<PodFacts> allPods = allPods();
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
        new Policies(inForce, ofCluster),
        new Gaps(unread, unknownOwners));
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

  private List<PodFacts> allPods() {
    List<OwnedPod> shown = values(pods.settle(findings, this::addDisputedPod));
    var all = new ArrayList<>(shown.stream().map(OwnedPod::facts).toList());
    all.addAll(templatesBeside(shown));
    return all;
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

  /** The templates of which no pod is shown, and which no other workload of the input makes. */
  private List<PodFacts> templatesBeside(List<OwnedPod> shown) {
    List<Entry<OwnedPod>> all = templates.settle(findings, this::addDisputedPod);
    var standing = new ArrayList<PodFacts>();
    for (Entry<OwnedPod> entry : all) {
      PodFacts template = entry.value().facts();
      boolean made = shown.stream().anyMatch(pod -> pod.isMadeFrom(template));
      boolean part = all.stream().anyMatch(o -> entry.value().isPartOf(o.value().facts()));
      if (made || part) {
        continue;
      }
      if (shown.stream().anyMatch(p -> p.facts().displayName().equals(template.displayName()))) {
        findings.of(
            Severity.WARNING, entry.object(), "a pod has the same name; the name means that pod");
        addDisputedPod(entry);
      } else {
        standing.add(template);
      }
    }
    return standing;
  }

  private static <T> List<T> values(List<Entry<T>> entries) {
    return entries.stream().map(Entry::value).toList();
  }
}
