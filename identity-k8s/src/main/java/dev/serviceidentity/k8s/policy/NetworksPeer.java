// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.stream.Collectors;

/** A peer by several blocks of addresses. Whoever has the address, a pod or not, is that peer. */
record NetworksPeer(Peer.Networks networks) implements PeerMatcher {

  @Override
  public Ternary matches(Endpoint peer) {
    IpAddress address = peer.address();
    if (address == null) {
      return Ternary.UNKNOWN;
    }
    if (networks.blocks().stream().noneMatch(block -> block.contains(address))) {
      return Ternary.NO;
    }
    return peer instanceof Endpoint.Unknown unknown && !unknown.blocksDecide()
        ? Ternary.UNKNOWN
        : Ternary.YES;
  }

  @Override
  public Difference difference(Endpoint peer, String role) {
    IpAddress address = peer.address();
    String has = address == null ? "'s address is not known" : "'s address is " + address;
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
