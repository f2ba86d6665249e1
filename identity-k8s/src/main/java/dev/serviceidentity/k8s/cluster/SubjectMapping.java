// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.Peer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Maps {@code namespaces} and {@code pods} of a cluster-wide policy, as its subject or a peer. */
final class SubjectMapping {
  static final String NAMESPACES = "namespaces";
  static final String PODS = "pods";

  private final Problems problems;
  private final ModelReader models;
  private final SelectorMapping selectors;

  SubjectMapping(Problems problems, ModelReader models) {
    this.problems = problems;
    this.models = models;
    this.selectors = new SelectorMapping(problems);
  }

  Optional<Peer.Pods> map(Part written) {
    written.rejectOthersThan(Set.of(NAMESPACES, PODS));
    if (written.given(List.of(NAMESPACES, PODS)).size() != 1) {
      problems.errorUnlessExplained(written.at(), "needs one of namespaces and pods");
      return Optional.empty();
    }
    return Optional.of(peer(written));
  }

  /** The one that is given. */
  Peer.Pods peer(Part written) {
    if (written.has(NAMESPACES)) {
      return new Peer.Pods(selector(written.part(NAMESPACES)), null);
    }
    Part pods = written.part(PODS);
    pods.rejectOthersThan(Set.of("namespaceSelector", "podSelector"));
    return new Peer.Pods(required(pods, "namespaceSelector"), required(pods, "podSelector"));
  }

  private LabelSelector required(Part pods, String name) {
    if (!pods.has(name)) {
      problems.errorUnlessExplained(pods.at().field(name), "is missing; write {} to choose all");
    }
    return selector(pods.part(name));
  }

  private LabelSelector selector(Part written) {
    return models
        .convert(written, io.fabric8.kubernetes.api.model.LabelSelector.class)
        .map(model -> selectors.map(model, written.at()))
        .orElse(LabelSelector.EVERYTHING);
  }
}
