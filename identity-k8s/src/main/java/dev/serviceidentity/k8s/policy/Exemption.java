// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** Traffic that no NetworkPolicy can stop. */
final class Exemption {
  private Exemption() {}

  /** Whether a flow that is not certain to be the subject's own is one with its node, or may be. */
  static Ternary of(IndexedPod subject, Party peer) {
    return peer.pod() == null ? ownNode(subject.facts(), peer.end()) : Ternary.NO;
  }

  /** A pod reaches itself. A template at both ends means two different pods. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isSelf(IndexedPod subject, Party peer) {
    return peer.pod() == subject && !subject.isTemplate();
  }

  /** A pod and its own node, with all pods on that node's network, reach each other. */
  static Ternary ownNode(PodFacts subject, Endpoint peer) {
    if (peer instanceof Endpoint.Unknown unknown) {
      return unknown.blocksDecide() ? Ternary.NO : Ternary.UNKNOWN;
    }
    if (!(peer instanceof Endpoint.OfNode host)) {
      return Ternary.NO;
    }
    if (host.address() != null && subject.placement().nodeAddresses().contains(host.address())) {
      return Ternary.YES;
    }
    return host.nodes().isNode(subject.pod().node());
  }
}
