// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import java.util.List;
import java.util.Optional;

/** Says what an address stands for, by who claims it and by what is assumed where nobody does. */
final class Ends {
  private final Vocabulary vocabulary;
  private final Unowned unowned;

  /** Somebody who may own any address, claimed or not. */
  private final Optional<UnknownOwner> ofAnything;

  /** Somebody who may own an address that nobody claims. */
  private final Optional<UnknownOwner> ofUnclaimed;

  /** By number of the block, so that asking about an unclaimed address makes nothing. */
  private final List<List<Party>> unclaimed;

  private final List<List<Party>> hostLocal;

  Ends(Vocabulary vocabulary, Unowned unowned, List<UnknownOwner> unknown) {
    this.vocabulary = vocabulary;
    this.unowned = unowned;
    this.ofAnything = unknown.stream().filter(owner -> owner.placement() == null).findFirst();
    this.ofUnclaimed = ofAnything.or(() -> unknown.stream().findFirst());
    List<IpAddress> examples = vocabulary.blocks().examples();
    this.unclaimed =
        examples.stream()
            .map(each -> List.of(of(elsewhere(each, unclaimedOwner(false), true))))
            .toList();
    this.hostLocal =
        examples.stream()
            .map(each -> List.of(of(elsewhere(each, unclaimedOwner(true), false))))
            .toList();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  private static AddressOwner unknown(UnknownOwner rival) {
    return new AddressOwner.Unknown(rival.why());
  }

  private AddressOwner unclaimedOwner(boolean isHostLocal) {
    if (isHostLocal) {
      return ofAnything
          .map(Ends::unknown)
          .orElseGet(
              () -> new AddressOwner.Unknown("a loopback or link-local address is anybody's"));
    }
    return unowned == Unowned.OUTSIDE
        ? new AddressOwner.Outside()
        : ofUnclaimed.map(Ends::unknown).orElseGet(AddressOwner.Outside::new);
  }

  AddressOwner ownerOf(IpAddress address, Claim claim) {
    if (claim.isNobodys()) {
      return unclaimedOwner(address.isHostLocal());
    }
    Optional<UnknownOwner> rival =
        Optional.ofNullable(claim.unknown().rival()).or(() -> ofAnything);
    boolean node = claim.isNodes();
    if (rival.isPresent()) {
      return unknown(rival.get());
    }
    if (node && !claim.pods().isEmpty()) {
      return new AddressOwner.Unknown(
          "both a node and " + claim.pods().get(0).facts().displayName() + " claim it");
    }
    return node
        ? new AddressOwner.Node(claim.onNodes().names())
        : new AddressOwner.Pods(claim.pods().stream().map(IndexedPod::facts).toList());
  }

  List<Party> at(IpAddress address, Claim claim) {
    AddressOwner owner = ownerOf(address, claim);
    if (owner instanceof AddressOwner.Pods) {
      return claim.pods().stream().map(pod -> pod.at(address)).toList();
    }
    if (owner instanceof AddressOwner.Node) {
      Nodes nodes = claim.onNodes();
      return List.of(of(new Endpoint.OfNode(nodes.label(), nodes, address)));
    }
    boolean mayBeAssumed = claim.isNobodys() && !address.isHostLocal();
    return List.of(of(elsewhere(address, owner, mayBeAssumed)));
  }

  /** What is assumed of addresses that nobody claims is not assumed of one that somebody does. */
  private Endpoint elsewhere(IpAddress address, AddressOwner owner, boolean mayBeAssumed) {
    return owner instanceof AddressOwner.Unknown unknown
        ? new Endpoint.Unknown(
            address, unknown.why(), unowned == Unowned.BLOCKS_DECIDE && mayBeAssumed)
        : new Endpoint.Outside(address);
  }

  /** What an address that nobody claims stands for, with another address of the same blocks. */
  List<Party> unclaimed(long high, long orderedLow) {
    List<List<Party>> parties = IpAddress.isHostLocal(high, orderedLow) ? hostLocal : unclaimed;
    return parties.get(vocabulary.blocks().numberOf(high, orderedLow));
  }

  Party of(Endpoint end) {
    return Party.of(end, vocabulary);
  }
}
