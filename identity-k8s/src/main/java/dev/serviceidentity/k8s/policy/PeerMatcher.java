// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** One compiled element of {@code from} or {@code to}. */
sealed interface PeerMatcher permits PodPeer, BlockPeer, NetworksPeer, PeerMatcher.Broken {
  Ternary matches(Endpoint peer);

  /** What {@link #matches} compared, in words; what differs counts only where it did not match. */
  Difference difference(Endpoint peer, String role);

  static PeerMatcher compile(String namespace, Peer peer, Assumptions assumptions) {
    if (peer instanceof Peer.Pods pods) {
      return new PodPeer(namespace, pods.namespaces(), pods.pods());
    }
    if (peer instanceof Peer.Block block) {
      return new BlockPeer(block, assumptions.podsInBlocks());
    }
    if (peer instanceof Peer.Networks networks) {
      return new NetworksPeer(networks);
    }
    return new Broken(((Peer.Malformed) peer).problem());
  }

  /** Could not be read, and so matches nothing. */
  record Broken(String problem) implements PeerMatcher {
    @Override
    public Ternary matches(Endpoint peer) {
      return Ternary.NO;
    }

    @Override
    public Difference difference(Endpoint peer, String role) {
      return new Difference(
          Difference.BROKEN, "nobody by a malformed part", "that part is malformed: " + problem);
    }
  }
}
