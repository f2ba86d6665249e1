// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.stream.Collectors;

/** A peer by several blocks of addresses. Whoever has the address, a pod or not, is that peer. */
record NetworksPeer(Peer.Networks networks) implements PeerMatcher {

  @Override
  public Ternary matches(Endpoint peer) {
    IpAddress address = peer.address();
    if (address == null) {
      return containsSome(peer);
    }
    if (networks.blocks().stream().noneMatch(block -> block.contains(address))) {
      return Ternary.NO;
    }
    return peer instanceof Endpoint.Unknown unknown && !unknown.blocksDecide()
        ? Ternary.UNKNOWN
        : Ternary.YES;
  }

  /** Whether an address that is not known is in one of the blocks. */
  private Ternary containsSome(Endpoint peer) {
    return peer instanceof Endpoint.OfPod of && of.range() != null
        ? networks.blocks().stream()
            .map(block -> of.range().isIn(block, List.of()))
            .reduce(Ternary.NO, Ternary::or)
        : Ternary.UNKNOWN;
  }

  @Override
  public Difference difference(Endpoint peer, String role) {
    IpAddress address = peer.address();
    String has =
        "'s address " + (address == null ? Range.unknown(peer, matches(peer)) : "is " + address);
    if (peer instanceof Endpoint.Unknown unknown && matches(peer) == Ternary.UNKNOWN) {
      has = "'s owner is not known: " + unknown.why();
    }
    return new Difference(Difference.ADDRESS, "addresses in " + this, role + has);
  }

  @Override
  public String toString() {
    return networks.blocks().stream().map(Cidr::toString).collect(Collectors.joining(", "));
  }
}
