// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.FlowEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a flow's end stands for. Never changes; a change of the cluster makes a new index that
 * shares most with the old one.
 */
record ClusterIndex(Map<String, NamespaceFacts> namespaces, PodIndex pods, AddressBook addresses) {

  static ClusterIndex of(ClusterFacts facts, Ends ends) {
    var namespaces = new HashMap<String, NamespaceFacts>();
    facts.namespaces().forEach(namespace -> namespaces.put(namespace.name(), namespace));
    List<IndexedPod> pods =
        facts.pods().stream()
            .map(pod -> indexed(pod, namespaces.get(pod.namespace()), ends.vocabulary()))
            .toList();
    return new ClusterIndex(
        namespaces, PodIndex.of(pods), AddressBook.of(ends, claims(facts, pods), pods));
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
    return new IndexedPod(pod, namespace, vocabulary);
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

  /**
   * What a flow's end stands for; nobody, if there is a problem. An address that nobody claims is
   * shown by another of the same blocks, so that nothing is made.
   */
  List<Party> partiesOf(FlowEnd end) {
    if (end instanceof FlowEnd.AddressEnd byAddress) {
      return addresses.alike(byAddress.high(), byAddress.low());
    }
    var byName = (FlowEnd.PodEnd) end;
    IndexedPod pod = pod(byName.namespace(), byName.name());
    return pod == null ? List.of() : addresses.partiesOf(pod);
  }

  /** The same, each with its own address. */
  List<Party> explainedPartiesOf(FlowEnd end) {
    return end instanceof FlowEnd.AddressEnd byAddress
        ? addresses.at(IpAddress.of(byAddress.address()))
        : partiesOf(end);
  }

  /** Why an end stands for nobody. */
  Optional<String> problemOf(FlowEnd end) {
    if (!(end instanceof FlowEnd.PodEnd byName)) {
      return Optional.empty();
    }
    IndexedPod pod = pod(byName.namespace(), byName.name());
    if (pod == null) {
      return Optional.of("no pod " + Quote.of(end) + " is known");
    }
    return pod.facts().isAlive()
        ? Optional.empty()
        : Optional.of("the pod " + Quote.of(end) + " has ended");
  }
}
