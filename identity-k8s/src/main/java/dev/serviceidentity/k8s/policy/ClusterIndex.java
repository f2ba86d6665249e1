// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.FlowEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a flow's end stands for. Never changes; a change of the cluster makes a new index that
 * shares most with the old one.
 */
record ClusterIndex(Map<String, NamespaceFacts> namespaces, PodIndex pods, AddressBook addresses) {

  /** What a flow's end stands for: parties, or else a problem. */
  record Meaning(List<Party> parties, String problem) {}

  static ClusterIndex of(ClusterFacts facts, Ends ends) {
    var namespaces = new HashMap<String, NamespaceFacts>();
    facts.namespaces().forEach(namespace -> namespaces.put(namespace.name(), namespace));
    List<IndexedPod> pods =
        facts.pods().stream()
            .map(pod -> indexed(pod, namespaces.get(pod.namespace()), ends.vocabulary()))
            .toList();
    return new ClusterIndex(
        namespaces, PodIndex.of(pods), AddressBook.of(ends, claims(facts, pods)));
  }

  private static Map<IpAddress, Claim> claims(ClusterFacts facts, List<IndexedPod> pods) {
    var draft = new ClaimDraft();
    facts.nodes().forEach(draft::add);
    pods.forEach(draft::add);
    facts.gaps().owners().forEach(draft::add);
    return draft.claims();
  }

  private static IndexedPod indexed(
      PodFacts pod, @Nullable NamespaceFacts namespace, Vocabulary vocabulary) {
    return new IndexedPod(pod, namespace, vocabulary.numberOf(pod, namespace));
  }

  ClusterIndex with(PodFacts facts) {
    ClusterIndex others = withoutPod(facts.namespace(), facts.pod().name());
    Vocabulary vocabulary = addresses.ends().vocabulary();
    IndexedPod pod = indexed(facts, namespaces.get(facts.namespace()), vocabulary);
    return new ClusterIndex(namespaces, others.pods.plus(pod), others.addresses.plus(pod));
  }

  ClusterIndex withoutPod(String namespace, String name) {
    IndexedPod pod = pods.get(namespace, name);
    return pod == null
        ? this
        : new ClusterIndex(namespaces, pods.minus(namespace, name), addresses.minus(pod));
  }

  ClusterIndex with(NamespaceFacts namespace) {
    var changed = new HashMap<>(namespaces);
    changed.put(namespace.name(), namespace);
    return with(changed, namespace.name());
  }

  ClusterIndex withoutNamespace(String name) {
    var changed = new HashMap<>(namespaces);
    changed.remove(name);
    return with(changed, name);
  }

  /** The pods of a namespace are of other kinds once its labels are others. */
  private ClusterIndex with(Map<String, NamespaceFacts> changed, String name) {
    ClusterIndex result = new ClusterIndex(changed, pods, addresses);
    for (PodFacts pod : podFacts()) {
      if (pod.namespace().equals(name)) {
        result = result.with(pod);
      }
    }
    return result;
  }

  List<PodFacts> podFacts() {
    var all = new ArrayList<PodFacts>();
    pods.forEach(pod -> all.add(pod.facts()));
    return all;
  }

  @Nullable NamespaceFacts namespace(String name) {
    return namespaces.get(name);
  }

  @Nullable IndexedPod pod(String namespace, String name) {
    return pods.get(namespace, name);
  }

  Meaning meaningOf(FlowEnd end) {
    if (end instanceof FlowEnd.AddressEnd byAddress) {
      return new Meaning(addresses.at(IpAddress.of(byAddress.address())), "");
    }
    var byName = (FlowEnd.PodEnd) end;
    IndexedPod pod = pod(byName.namespace(), byName.name());
    if (pod == null) {
      return new Meaning(List.of(), "no pod " + Quote.of(end) + " is known");
    }
    if (!pod.facts().isAlive()) {
      return new Meaning(List.of(), "the pod " + Quote.of(end) + " has ended");
    }
    return new Meaning(parties(pod), "");
  }

  /** A pod by name stands for each of its addresses. */
  private List<Party> parties(IndexedPod pod) {
    List<IpAddress> own = pod.facts().placement().addresses();
    return own.isEmpty()
        ? List.of(addresses.ends().of(pod, null, Set.of()))
        : own.stream().map(address -> addresses.at(address, pod)).toList();
  }
}
