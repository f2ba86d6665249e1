// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import java.util.stream.Collectors;

/** A peer by address. */
record BlockPeer(Peer.Block block, PodsInBlocks podsInBlocks) implements PeerMatcher {

  @Override
  public Ternary matches(Endpoint peer) {
    boolean pod = peer instanceof Endpoint.OfPod;
    if (pod && podsInBlocks == PodsInBlocks.IGNORE) {
      return Ternary.NO;
    }
    IpAddress address = peer.address();
    Ternary inside = address == null ? containsSome(peer) : Ternary.of(contains(address));
    boolean leftOpen = pod && podsInBlocks == PodsInBlocks.UNDECIDABLE;
    boolean unowned = peer instanceof Endpoint.Unknown unknown && !unknown.blocksDecide();
    return leftOpen || unowned ? inside.and(Ternary.UNKNOWN) : inside;
  }

  /** Whether an address that is not known is in the block. */
  private Ternary containsSome(Endpoint peer) {
    return peer instanceof Endpoint.OfPod of && of.range() != null
        ? of.range().isIn(block.cidr(), block.except())
        : Ternary.UNKNOWN;
  }

  private boolean contains(IpAddress address) {
    return block.cidr().contains(address)
        && block.except().stream().noneMatch(hole -> hole.contains(address));
  }

  @Override
  public Difference difference(Endpoint peer, String role) {
    IpAddress address = peer.address();
    String has;
    if (peer instanceof Endpoint.OfPod && podsInBlocks != PodsInBlocks.MATCH) {
      has = role + " is a pod, and blocks are taken " + plugin();
    } else if (address == null) {
      has = role + "'s address " + Range.unknown(peer, matches(peer));
    } else if (peer instanceof Endpoint.Unknown unknown && contains(address)) {
      has = "who owns " + address + " is not known: " + unknown.why();
    } else {
      has = role + "'s address is " + address;
    }
    return new Difference(Difference.ADDRESS, "addresses in " + this, has);
  }

  private String plugin() {
    return podsInBlocks == PodsInBlocks.IGNORE
        ? "not to match pods"
        : "neither to match pods nor not to, because network plugins differ";
  }

  @Override
  public String toString() {
    String holes = block.except().stream().map(Cidr::toString).collect(Collectors.joining(", "));
    return holes.isEmpty() ? block.cidr().toString() : block.cidr() + " except " + holes;
  }
}
