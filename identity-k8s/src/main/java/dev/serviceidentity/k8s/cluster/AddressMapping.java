// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.IpAddress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Maps the addresses of pods and nodes. */
record AddressMapping(Problems problems, Loopback loopback, Consumer<IpAddress> ignored) {
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final Set<String> IP_TYPES = Set.of("InternalIP", "ExternalIP");

  /** All of {@code podIPs}, and {@code podIP}, which is the first of them. */
  List<IpAddress> ofPod(PodStatus status) {
    var all = new LinkedHashSet<IpAddress>();
    var written = ModelFields.orEmpty(status.getPodIPs());
    for (int i = 0; i < written.size(); i++) {
      podAddress(written.get(i).getIp(), STATUS.field("podIPs").index(i)).ifPresent(all::add);
    }
    podAddress(status.getPodIP(), STATUS.field("podIP")).ifPresent(all::add);
    return List.copyOf(all);
  }

  private Optional<IpAddress> podAddress(@Nullable String text, FieldPath at) {
    Optional<IpAddress> address = parse(text, at);
    if (loopback == Loopback.TRUSTED || address.filter(IpAddress::isLoopback).isEmpty()) {
      return address.filter(known -> known.isLoopback() || reachesBeyondOneHost(known, at));
    }
    problems.warning(
        at,
        "is a loopback address, which any process can have; it counts only after"
            + " trustLoopbackPods()");
    address.ifPresent(ignored);
    return Optional.empty();
  }

  private Optional<IpAddress> nodeAddress(@Nullable String text, FieldPath at) {
    return parse(text, at).filter(known -> reachesBeyondOneHost(known, at));
  }

  /** False, and reported, for an address that every host or link has, so that it is anybody's. */
  private boolean reachesBeyondOneHost(IpAddress address, FieldPath at) {
    if (address.isHostLocal()) {
      problems.warning(
          at,
          "is a loopback, link-local or unspecified address, which any host can have; it does not count");
    }
    return !address.isHostLocal();
  }

  /** The addresses of a pod's node, as the pod's status tells them. */
  List<IpAddress> ofNode(PodStatus status) {
    var all = new LinkedHashSet<IpAddress>();
    var written = ModelFields.orEmpty(status.getHostIPs());
    for (int i = 0; i < written.size(); i++) {
      nodeAddress(written.get(i).getIp(), STATUS.field("hostIPs").index(i)).ifPresent(all::add);
    }
    nodeAddress(status.getHostIP(), STATUS.field("hostIP")).ifPresent(all::add);
    return List.copyOf(all);
  }

  List<IpAddress> of(Node node) {
    var all = new ArrayList<IpAddress>();
    List<NodeAddress> written =
        node.getStatus() == null ? List.of() : ModelFields.orEmpty(node.getStatus().getAddresses());
    for (int i = 0; i < written.size(); i++) {
      if (IP_TYPES.contains(ModelFields.orEmpty(written.get(i).getType()))) {
        nodeAddress(written.get(i).getAddress(), STATUS.field("addresses").index(i))
            .ifPresent(all::add);
      }
    }
    return all;
  }

  private Optional<IpAddress> parse(@Nullable String text, FieldPath at) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      problems.error(at, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
