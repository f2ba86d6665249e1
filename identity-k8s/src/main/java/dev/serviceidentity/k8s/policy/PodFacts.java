// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pod, or the template that stands for the pods of a workload.
 *
 * @param runsAs its namespace and service account
 * @param pod its name, uid and node
 * @param labels its labels
 * @param placement how the network sees it
 * @param ports the declared ports of its containers and restartable init containers
 */
public record PodFacts(
    ServiceAccountName runsAs,
    Workload.Pod pod,
    Map<String, String> labels,
    Placement placement,
    List<ContainerPort> ports) {

  /** What a pod's record stands for. */
  public enum Lifecycle {
    /** A pod that may run. */
    ACTIVE,
    /** A pod that is being deleted: it may still run, or its address may be another pod's. */
    TERMINATING,
    /** Succeeded or failed: its address may already be another pod's. */
    ENDED,
    /** Any pod made from a workload's template. */
    TEMPLATE
  }

  /**
   * How the network sees a pod.
   *
   * @param lifecycle what the record stands for
   * @param hostNetwork whether it has its node's network instead of its own
   * @param addresses its own addresses, or its node's if it is on the host network
   * @param nodeAddresses the addresses of its node, as far as its own record tells
   */
  public record Placement(
      Lifecycle lifecycle,
      boolean hostNetwork,
      List<IpAddress> addresses,
      List<IpAddress> nodeAddresses) {
    /**
     * Copies the lists.
     *
     * @param lifecycle what the record stands for
     * @param hostNetwork whether it has its node's network
     * @param addresses its addresses
     * @param nodeAddresses its node's addresses
     */
    public Placement {
      Objects.requireNonNull(lifecycle, "lifecycle");
      addresses = List.copyOf(addresses);
      nodeAddresses = List.copyOf(nodeAddresses);
    }
  }

  /**
   * A declared port.
   *
   * @param name its name, or null
   * @param number its number
   * @param protocol its protocol
   */
  public record ContainerPort(@Nullable String name, int number, Protocol protocol) {
    /**
     * Checks that nothing required is missing.
     *
     * @param name its name, or null
     * @param number its number
     * @param protocol its protocol
     */
    public ContainerPort {
      Objects.requireNonNull(protocol, "protocol");
    }
  }

  /**
   * Copies the collections.
   *
   * @param runsAs its namespace and service account
   * @param pod its name, uid and node
   * @param labels its labels
   * @param placement how the network sees it
   * @param ports its declared ports
   */
  public PodFacts {
    Objects.requireNonNull(runsAs, "runsAs");
    Objects.requireNonNull(pod, "pod");
    labels = Map.copyOf(labels);
    Objects.requireNonNull(placement, "placement");
    ports = List.copyOf(ports);
  }

  /**
   * The pod's namespace.
   *
   * @return never empty
   */
  public String namespace() {
    return runsAs.namespace();
  }

  /**
   * What people call the pod.
   *
   * @return {@code namespace/name}
   */
  public String displayName() {
    return namespace() + "/" + pod.name();
  }

  /**
   * Tells whether the record shows a pod or template that can take part in a flow.
   *
   * @return false once it has succeeded or failed; true while it is being deleted
   */
  public boolean isAlive() {
    return placement.lifecycle() != Lifecycle.ENDED;
  }
}
