// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.ContainerPort;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Workload;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maps pods, and templates of pods, of the API's model to the engine's facts. A pod that cannot be
 * read in full is not mapped at all: with half of its labels it would be another pod.
 */
record PodMapping(Problems problems, AddressMapping addresses) {
  private static final String DEFAULT_ACCOUNT = "default";
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath NAMESPACE = FieldPath.of("metadata", "namespace");

  Placement placement(Pod pod) {
    PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
    PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    String phase = ModelFields.orEmpty(status.getPhase());
    return new Placement(
        lifecycle(phase, pod.getMetadata()),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        addresses.ofPod(status),
        addresses.ofNode(status));
  }

  private static Lifecycle lifecycle(String phase, @Nullable ObjectMeta meta) {
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return Lifecycle.ENDED;
    }
    boolean leaves = meta != null && meta.getDeletionTimestamp() != null;
    return leaves ? Lifecycle.TERMINATING : Lifecycle.ACTIVE;
  }

  /**
   * Whether a placement that was read can be believed although the pod cannot. An error in its
   * names, labels or containers leaves no doubt of where it is.
   */
  boolean isPlaceCertain() {
    return !problems.hasErrorsOutside(
        FieldPath.of("metadata"),
        SPEC.field("serviceAccountName"),
        SPEC.field("serviceAccount"),
        SPEC.field("nodeName"),
        SPEC.field("containers"),
        SPEC.field("initContainers"));
  }

  Optional<PodFacts> map(String namespace, String name, Pod pod, Placement placement) {
    ObjectMeta meta = Objects.requireNonNullElseGet(pod.getMetadata(), ObjectMeta::new);
    PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
    var names =
        new Workload.Pod(
            name, ModelFields.orEmpty(meta.getUid()), ModelFields.orEmpty(spec.getNodeName()));
    return runsAs(namespace, spec, SPEC)
        .map(account -> new PodFacts(account, names, labels(meta), placement, ports(spec, SPEC)))
        .filter(facts -> !problems.hasErrors());
  }

  /** One pod that stands for all of a workload, of which neither address nor node is known. */
  Optional<PodFacts> map(String namespace, String name, PodTemplateSpec template, FieldPath at) {
    ObjectMeta meta = Objects.requireNonNullElseGet(template.getMetadata(), ObjectMeta::new);
    PodSpec spec = Objects.requireNonNullElseGet(template.getSpec(), PodSpec::new);
    boolean hostNetwork = Boolean.TRUE.equals(spec.getHostNetwork());
    var placement = new Placement(Lifecycle.TEMPLATE, hostNetwork, List.of(), List.of());
    var names = new Workload.Pod(name, "", ModelFields.orEmpty(spec.getNodeName()));
    FieldPath specAt = at.field("spec");
    return runsAs(namespace, spec, specAt)
        .map(account -> new PodFacts(account, names, labels(meta), placement, ports(spec, specAt)))
        .filter(facts -> !problems.hasErrors());
  }

  private Optional<ServiceAccountName> runsAs(String namespace, PodSpec spec, FieldPath at) {
    // The older name of the field still works, and the API server keeps the two equal.
    String older = ModelFields.orEmpty(spec.getServiceAccount());
    String newer = ModelFields.orEmpty(spec.getServiceAccountName());
    String account = newer.isEmpty() ? older : newer;
    try {
      return Optional.of(
          new ServiceAccountName(namespace, account.isEmpty() ? DEFAULT_ACCOUNT : account));
    } catch (IllegalArgumentException e) {
      // A pod whose namespace has no proper name has none that its account could have.
      if (problems.errorIn(NAMESPACE).isEmpty()) {
        problems.error(at.field("serviceAccountName"), String.valueOf(e.getMessage()));
      }
      return Optional.empty();
    }
  }

  private static Map<String, String> labels(ObjectMeta meta) {
    return Objects.requireNonNullElse(meta.getLabels(), Map.of());
  }

  private List<ContainerPort> ports(PodSpec spec, FieldPath at) {
    var ports = new ArrayList<ContainerPort>();
    List<Container> containers = ModelFields.orEmpty(spec.getContainers());
    for (int i = 0; i < containers.size(); i++) {
      addPorts(containers.get(i), at.field("containers").index(i), ports);
    }
    List<Container> first = ModelFields.orEmpty(spec.getInitContainers());
    for (int i = 0; i < first.size(); i++) {
      // Only a restartable one runs, and listens, beside the containers.
      if ("Always".equals(first.get(i).getRestartPolicy())) {
        addPorts(first.get(i), at.field("initContainers").index(i), ports);
      }
    }
    return ports;
  }

  private void addPorts(Container container, FieldPath at, List<ContainerPort> ports) {
    List<io.fabric8.kubernetes.api.model.ContainerPort> written =
        ModelFields.orEmpty(container.getPorts());
    for (int i = 0; i < written.size(); i++) {
      var port = written.get(i);
      FieldPath portAt = at.field("ports").index(i);
      Integer number = port.getContainerPort();
      Optional<Protocol> protocol =
          PortMapping.protocol(port.getProtocol(), portAt.field("protocol"), problems);
      if (number == null || number < 1 || number > PortMapping.HIGHEST) {
        problems.errorUnlessExplained(
            portAt.field("containerPort"),
            number == null
                ? "is missing; write a number from 1 to " + PortMapping.HIGHEST
                : PortMapping.outOfRange(number, 1));
      } else if (protocol.isPresent()) {
        ports.add(new ContainerPort(port.getName(), number, protocol.get()));
      }
    }
  }
}
