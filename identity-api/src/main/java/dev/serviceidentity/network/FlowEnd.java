// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.net.InetAddress;
import java.util.Objects;

/** One end of a flow. */
public sealed interface FlowEnd {
  /**
   * A pod by its name; it stands for each of its addresses.
   *
   * @param namespace the pod's namespace
   * @param name the pod's name
   */
  record PodEnd(String namespace, String name) implements FlowEnd {
    /**
     * Checks that nothing is missing.
     *
     * @param namespace the pod's namespace
     * @param name the pod's name
     */
    public PodEnd {
      Objects.requireNonNull(namespace, "namespace");
      Objects.requireNonNull(name, "name");
    }

    /** Returns {@code namespace/name}. */
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /**
   * An address, whoever owns it.
   *
   * @param address IPv4 or IPv6
   */
  record AddressEnd(InetAddress address) implements FlowEnd {
    /**
     * Checks that it is there.
     *
     * @param address IPv4 or IPv6
     */
    public AddressEnd {
      Objects.requireNonNull(address, "address");
    }

    /** Returns the literal address. */
    @Override
    public String toString() {
      return address.getHostAddress();
    }
  }

  /**
   * A pod.
   *
   * @param namespace the pod's namespace
   * @param name the pod's name
   * @return that end
   */
  static FlowEnd pod(String namespace, String name) {
    return new PodEnd(namespace, name);
  }

  /**
   * The pod of a workload.
   *
   * @param workload a workload
   * @return that end
   */
  static FlowEnd of(Workload workload) {
    return new PodEnd(workload.namespace(), workload.pod().name());
  }

  /**
   * An address.
   *
   * @param address IPv4 or IPv6
   * @return that end
   */
  static FlowEnd of(InetAddress address) {
    return new AddressEnd(address);
  }
}
