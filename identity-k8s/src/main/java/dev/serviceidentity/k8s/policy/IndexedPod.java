// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod with its namespace and its number in a vocabulary. There is one for each pod of an index,
 * so that identity tells pods apart.
 */
final class IndexedPod {
  private final PodFacts facts;
  private final @Nullable NamespaceFacts namespace;
  private final boolean isNamed;
  private final int kind;
  private final List<Party> parties;

  IndexedPod(PodFacts facts, @Nullable NamespaceFacts namespace, Vocabulary vocabulary) {
    this.facts = facts;
    this.namespace = namespace;
    this.isNamed = vocabulary.isEachNamespaceNamed();
    this.kind = vocabulary.numberOf(facts, namespace);
    List<IpAddress> addresses = facts.placement().addresses();
    if (!facts.isAlive()) {
      this.parties = List.of();
    } else if (addresses.isEmpty()) {
      this.parties = unplaced(vocabulary);
    } else {
      this.parties = addresses.stream().map(each -> Party.of(end(each), vocabulary)).toList();
    }
  }

  /** Of an address that is not known at least the family makes a difference. */
  private List<Party> unplaced(Vocabulary vocabulary) {
    return facts.placement().hostNetwork()
        ? List.of(Party.of(end(null), vocabulary))
        : vocabulary.podRanges().stream()
            .map(range -> Party.of(new Endpoint.OfPod(this, null, range), vocabulary))
            .toList();
  }

  private Endpoint end(@Nullable IpAddress address) {
    String node = facts.pod().node();
    return facts.placement().hostNetwork()
        ? onNodes(Nodes.of(node), address)
        : new Endpoint.OfPod(this, address);
  }

  /** As one on the host network, which stands for its node. */
  Endpoint onNodes(Nodes nodes, @Nullable IpAddress address) {
    return new Endpoint.OfNode(facts.displayName() + " on the host network", nodes, address);
  }

  /** The pod at each of its addresses, or at those that it may have; none once it has ended. */
  List<Party> parties() {
    return parties;
  }

  /** The pod at one of its addresses. */
  Party at(IpAddress address) {
    return parties.stream()
        .filter(party -> address.equals(party.end().address()))
        .findFirst()
        .orElseThrow();
  }

  PodFacts facts() {
    return facts;
  }

  KnownLabels namespaceLabels() {
    return KnownLabels.of(facts.namespace(), namespace, isNamed);
  }

  /** Pods of one kind are the same to every policy. */
  int kind() {
    return kind;
  }

  boolean isTemplate() {
    return facts.placement().lifecycle() == PodFacts.Lifecycle.TEMPLATE;
  }
}
