// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One end of a flow with one address, as the network sees it. */
sealed interface Endpoint {
  @Nullable IpAddress address();

  /** What an explanation calls it, with the address that was used. */
  String label();

  /** Whether a flow of one address family can join the two. An unknown address may be of any. */
  default boolean sharesFamilyWith(Endpoint other) {
    IpAddress mine = address();
    IpAddress theirs = other.address();
    return mine == null || theirs == null || mine.family() == theirs.family();
  }

  private static String named(String name, @Nullable IpAddress address) {
    return address == null ? name : name + " (" + address + ")";
  }

  /** A pod with a network of its own. */
  record OfPod(IndexedPod pod, @Nullable IpAddress address) implements Endpoint {
    @Override
    public String label() {
      return named(pod.facts().displayName(), address);
    }
  }

  /** A node or a pod on its network: the network cannot tell these apart. */
  record OfNode(String name, Set<String> nodes, @Nullable IpAddress address) implements Endpoint {
    @Override
    public String label() {
      return named(name, address);
    }
  }

  record Outside(IpAddress address) implements Endpoint {
    @Override
    public String label() {
      return address + " (outside the cluster)";
    }
  }

  record Unknown(IpAddress address, String why, boolean blocksDecide) implements Endpoint {
    @Override
    public String label() {
      return address + " (owner unknown)";
    }
  }
}
