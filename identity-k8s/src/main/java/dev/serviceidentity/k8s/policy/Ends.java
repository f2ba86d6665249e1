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

  private final Unclaimed whileAllArePlaced;
  private final Unclaimed whileSomeAreNot;

  /**
   * What addresses that nobody claims stand for, by number of the block, so that asking makes
   * nothing.
   */
  static final class Unclaimed {
    private final Blocks blocks;
    private final List<List<Party>> usual;
    private final List<List<Party>> hostLocal;

    private Unclaimed(Blocks blocks, List<List<Party>> usual, List<List<Party>> hostLocal) {
      this.blocks = blocks;
      this.usual = usual;
      this.hostLocal = hostLocal;
    }

    /** With another address of the same blocks. */
    List<Party> at(long high, long orderedLow) {
      return (IpAddress.isHostLocal(high, orderedLow) ? hostLocal : usual)
          .get(blocks.numberOf(high, orderedLow));
    }
  }

  Ends(Vocabulary vocabulary, Unowned unowned, List<UnknownOwner> unknown) {
    this.vocabulary = vocabulary;
    this.unowned = unowned;
    this.ofAnything = unknown.stream().filter(owner -> owner.placement() == null).findFirst();
    this.ofUnclaimed = ofAnything.or(() -> unknown.stream().findFirst());
    List<List<Party>> hostLocal = examples(true, Optional.empty());
    this.whileAllArePlaced =
        new Unclaimed(vocabulary.blocks(), examples(false, Optional.empty()), hostLocal);
    var unplaced = new UnknownOwner("a pod whose address is not known", null);
    this.whileSomeAreNot =
        new Unclaimed(vocabulary.blocks(), examples(false, Optional.of(unplaced)), hostLocal);
  }

  private List<List<Party>> examples(boolean isHostLocal, Optional<UnknownOwner> unplaced) {
    return vocabulary.blocks().examples().stream()
        .map(address -> unclaimed(address, isHostLocal, unplaced))
        .toList();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  private static AddressOwner unknown(UnknownOwner rival) {
    return new AddressOwner.Unknown(rival.why());
  }

  /** A pod of which no address is known may have one that nobody claims. */
  AddressOwner unclaimedOwner(boolean isHostLocal, Optional<UnknownOwner> unplaced) {
    if (isHostLocal) {
      return ofAnything
          .map(Ends::unknown)
          .orElseGet(
              () -> new AddressOwner.Unknown("a loopback or link-local address is anybody's"));
    }
    return unowned == Unowned.OUTSIDE
        ? new AddressOwner.Outside()
        : ofUnclaimed.or(() -> unplaced).map(Ends::unknown).orElseGet(AddressOwner.Outside::new);
  }

  AddressOwner ownerOf(Claim claim) {
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
    AddressOwner owner = ownerOf(claim);
    if (owner instanceof AddressOwner.Pods) {
      return claim.pods().stream().map(pod -> pod.at(address)).toList();
    }
    if (owner instanceof AddressOwner.Node) {
      Nodes nodes = claim.onNodes();
      return List.of(of(new Endpoint.OfNode(nodes.label(), nodes, address)));
    }
    return List.of(of(elsewhere(address, owner, false)));
  }

  /** An address that nobody claims. */
  List<Party> unclaimed(IpAddress address, Optional<UnknownOwner> unplaced) {
    return unclaimed(address, address.isHostLocal(), unplaced);
  }

  private List<Party> unclaimed(
      IpAddress address, boolean isHostLocal, Optional<UnknownOwner> unplaced) {
    AddressOwner owner = unclaimedOwner(isHostLocal, unplaced);
    return List.of(of(elsewhere(address, owner, !isHostLocal)));
  }

  /** What is assumed of addresses that nobody claims is not assumed of one that somebody does. */
  private Endpoint elsewhere(IpAddress address, AddressOwner owner, boolean mayBeAssumed) {
    return owner instanceof AddressOwner.Unknown unknown
        ? new Endpoint.Unknown(
            address, unknown.why(), unowned == Unowned.BLOCKS_DECIDE && mayBeAssumed)
        : new Endpoint.Outside(address);
  }

  Unclaimed unclaimed(boolean allArePlaced) {
    return allArePlaced ? whileAllArePlaced : whileSomeAreNot;
  }

  Party of(Endpoint end) {
    return Party.of(end, vocabulary);
  }
}
