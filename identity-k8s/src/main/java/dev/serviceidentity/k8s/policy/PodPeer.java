// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A peer by labels, of the policy's own namespace unless it chooses namespaces as well. */
record PodPeer(
    String policyNamespace, @Nullable LabelSelector namespaces, @Nullable LabelSelector pods)
    implements PeerMatcher {

  @Override
  public Ternary matches(Endpoint peer) {
    if (peer instanceof Endpoint.Unknown) {
      return Ternary.UNKNOWN;
    }
    if (!(peer instanceof Endpoint.OfPod of)) {
      return Ternary.NO;
    }
    boolean chosen = pods == null || pods.matches(of.pod().facts().labels());
    return inNamespace(of.pod()).and(Ternary.of(chosen));
  }

  private Ternary inNamespace(IndexedPod peer) {
    if (namespaces == null) {
      return Ternary.of(peer.facts().namespace().equals(policyNamespace));
    }
    return peer.namespaceLabels().meet(namespaces);
  }

  @Override
  public Difference difference(Endpoint peer, String role) {
    if (peer instanceof Endpoint.OfPod of) {
      return difference(of.pod(), role);
    }
    if (peer instanceof Endpoint.Unknown unknown) {
      return new Difference(
          Difference.KIND,
          wants(),
          "who owns " + unknown.address() + " is not known: " + unknown.why());
    }
    String what =
        peer instanceof Endpoint.OfNode
            ? " is a node or on the host network, which no selector matches"
            : " is outside the cluster, where no selector matches";
    return new Difference(Difference.KIND, wants(), role + what);
  }

  private Difference difference(IndexedPod peer, String role) {
    var has = new ArrayList<String>();
    int distance = 0;
    if (inNamespace(peer) != Ternary.YES) {
      distance += Difference.NAMESPACE;
      has.add(namespaceOf(peer));
    }
    List<LabelSelector.Requirement> missed = missed(pods, peer.facts().labels());
    distance += missed.size() * Difference.LABEL;
    missed.forEach(requirement -> has.add(labelOf(requirement.key(), peer.facts().labels())));
    return has.isEmpty()
        ? Difference.none(wants())
        : new Difference(distance, wants(), role + " " + String.join(" and ", has));
  }

  private String namespaceOf(IndexedPod peer) {
    String name = Quote.of(peer.facts().namespace());
    if (namespaces == null) {
      return "is in namespace " + name;
    }
    KnownLabels labels = peer.namespaceLabels();
    List<String> parts =
        labels.missed(namespaces).stream()
            .map(LabelSelector.Requirement::key)
            .filter(key -> !key.equals(NamespaceFacts.NAME_LABEL))
            .map(key -> ofNamespace(key, labels))
            .toList();
    return "is in namespace "
        + name
        + (parts.isEmpty() ? "" : ", " + String.join(" and ", parts))
        + (labels.meet(namespaces) == Ternary.UNKNOWN ? "; add its Namespace object" : "");
  }

  private static String ofNamespace(String key, KnownLabels labels) {
    return labels.isKnown(key)
        ? "which " + labelOf(key, labels.labels())
        : "of which the label " + Quote.of(key) + " is not known";
  }

  private static List<LabelSelector.Requirement> missed(
      @Nullable LabelSelector selector, Map<String, String> labels) {
    return selector == null
        ? List.of()
        : selector.requirements().stream().filter(r -> !r.matches(labels)).toList();
  }

  private static String labelOf(String key, Map<String, String> labels) {
    String value = labels.get(key);
    return value == null ? "has no label " + Quote.of(key) : "has " + Quote.of(key + "=" + value);
  }

  private String wants() {
    String what = pods == null || pods.isEmpty() ? "pods" : "pods with " + Quote.of(pods);
    if (namespaces == null) {
      return what + " of namespace " + Quote.of(policyNamespace);
    }
    if (namespaces.isEmpty()) {
      return what + " of any namespace";
    }
    String name = onlyName(namespaces);
    return name == null
        ? what + " of namespaces with " + Quote.of(namespaces)
        : what + " of namespace " + Quote.of(name);
  }

  /** The name that a selector asks for, if it asks for nothing else. */
  private static @Nullable String onlyName(LabelSelector namespaces) {
    if (namespaces.requirements().size() != 1) {
      return null;
    }
    LabelSelector.Requirement only = namespaces.requirements().get(0);
    boolean isName =
        only.key().equals(NamespaceFacts.NAME_LABEL)
            && only.operator() == LabelSelector.Operator.IN
            && only.values().size() == 1;
    return isName ? only.values().iterator().next() : null;
  }
}
