// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.cluster.ServiceFacts;
import dev.serviceidentity.k8s.cluster.ServiceFacts.Port;
import dev.serviceidentity.k8s.cluster.SliceFacts;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands behind the Services of manifests: the pods and templates that they select. */
record ManifestBackings(Manifests manifests, PolicyEngine engine) {
  Backing of(String namespace, String name) {
    Optional<ServiceFacts> service =
        manifests.services().stream()
            .filter(each -> each.namespace().equals(namespace) && each.name().equals(name))
            .findFirst();
    return new Backing(service, service.map(this::slices).orElse(List.of()), engine, List.of());
  }

  /** One for each pod: a port may be named, and then each has its own number for it. */
  private List<SliceFacts> slices(ServiceFacts service) {
    return manifests.facts().pods().stream()
        .filter(pod -> pod.isAlive() && isBehind(pod, service))
        .map(
            pod ->
                new SliceFacts(
                    List.of(new SliceFacts.Endpoint(pod.displayName(), List.of())),
                    ports(service, pod)))
        .toList();
  }

  private static boolean isBehind(PodFacts pod, ServiceFacts service) {
    return pod.namespace().equals(service.namespace())
        && !service.selector().isEmpty()
        && pod.labels().entrySet().containsAll(service.selector().entrySet());
  }

  private static Map<String, Integer> ports(ServiceFacts service, PodFacts pod) {
    var ports = new HashMap<String, Integer>();
    for (Port port : service.ports()) {
      number(port, pod).ifPresent(number -> ports.put(port.name(), number));
    }
    return ports;
  }

  private static Optional<Integer> number(Port port, PodFacts pod) {
    if (port.target().chars().allMatch(Character::isDigit)) {
      return Optional.of(Integer.valueOf(port.target()));
    }
    return pod.ports().stream()
        .filter(each -> port.target().equals(each.name()) && each.protocol() == port.protocol())
        .map(PodFacts.ContainerPort::number)
        .findFirst();
  }
}
