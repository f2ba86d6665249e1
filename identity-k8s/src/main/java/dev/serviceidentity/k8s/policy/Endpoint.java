// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import org.jspecify.annotations.Nullable;

/** One end of a flow with one address, as the network sees it. */
sealed interface Endpoint {
  @Nullable IpAddress address();

  /** What an explanation calls it, with the address that was used. */
  default String label() {
    IpAddress used = address();
    return used == null ? name() : name() + " (" + used + ")";
  }

  /** What an explanation calls it where its address has been said. */
  String name();

  /** Whether a flow of one address family can join the two. An unknown address may be of any. */
  default boolean sharesFamilyWith(Endpoint other) {
    IpAddress.Family mine = family();
    IpAddress.Family theirs = other.family();
    return mine == null || theirs == null || mine == theirs;
  }

  /** The family of its address, or null if that is not known. */
  default IpAddress.@Nullable Family family() {
    IpAddress known = address();
    return known == null ? null : known.family();
  }

  /**
   * A pod with a network of its own. Where its address is not known there may be a range that it is
   * in.
   */
  record OfPod(IndexedPod pod, @Nullable IpAddress address, @Nullable Range range)
      implements Endpoint {
    OfPod(IndexedPod pod, @Nullable IpAddress address) {
      this(pod, address, null);
    }

    @Override
    public IpAddress.@Nullable Family family() {
      return range == null ? Endpoint.super.family() : range.family();
    }

    @Override
    public String name() {
      return pod.facts().displayName();
    }
  }

  /** A node or a pod on its network: the network cannot tell these apart. */
  record OfNode(String name, Nodes nodes, @Nullable IpAddress address) implements Endpoint {}

  record Outside(IpAddress address) implements Endpoint {
    @Override
    public String label() {
      return name() + " (outside the cluster)";
    }

    @Override
    public String name() {
      return address.toString();
    }
  }

  record Unknown(IpAddress address, String why, boolean blocksDecide) implements Endpoint {
    @Override
    public String label() {
      return name() + " (owner unknown)";
    }

    @Override
    public String name() {
      return address.toString();
    }
  }
}
