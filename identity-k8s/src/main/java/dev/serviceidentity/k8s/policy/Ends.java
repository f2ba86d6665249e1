// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Says what an address stands for, by who claims it and by what is assumed where nobody does. */
final class Ends {
  private final Vocabulary vocabulary;
  private final Unowned unowned;

  /** Somebody who may own any address, claimed or not. */
  private final Optional<UnknownOwner> ofAnything;

  /** Somebody who may own an address that nobody claims, where pods have theirs. */
  private final Optional<UnknownOwner> ofUnclaimed;

  /** The same of an address that no pod has. */
  private final Optional<UnknownOwner> ofUnclaimedElsewhere;

  private final Map<Unplaced, Unclaimed> whileUnplaced = new EnumMap<>(Unplaced.class);

  /** Pods that live and of which no address is known. */
  enum Unplaced {
    NONE,
    /** All of them have a network of their own, and with it an address where pods have theirs. */
    PODS,
    /** Some are on the network of a node, which may be anywhere. */
    SOME_ON_NODES;

    boolean mayHave(boolean isWherePodsAre) {
      return this == SOME_ON_NODES || (this == PODS && isWherePodsAre);
    }
  }

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
    this.ofUnclaimedElsewhere =
        ofAnything.or(() -> unknown.stream().filter(UnknownOwner::mayBeOnNode).findFirst());
    List<List<Party>> hostLocal = examples(true, Unplaced.NONE);
    for (Unplaced each : Unplaced.values()) {
      whileUnplaced.put(each, new Unclaimed(vocabulary.blocks(), examples(false, each), hostLocal));
    }
  }

  private List<List<Party>> examples(boolean isHostLocal, Unplaced unplaced) {
    var somebody = new UnknownOwner("a pod whose address is not known", null);
    return vocabulary.blocks().examples().stream()
        .map(
            address ->
                unclaimed(
                    address,
                    isHostLocal,
                    Optional.of(somebody).filter(pod -> unplaced.mayHave(isWherePodsAre(address)))))
        .toList();
  }

  /** Addresses of one block are alike in this. */
  boolean isWherePodsAre(IpAddress address) {
    return vocabulary.isWherePodsAre(address);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  private static AddressOwner unknown(UnknownOwner rival) {
    return new AddressOwner.Unknown(rival.why());
  }

  /** A pod of which no address is known may have one that nobody claims. */
  AddressOwner unclaimedOwner(IpAddress address, Optional<UnknownOwner> unplaced) {
    return unclaimedOwner(address, address.isHostLocal(), unplaced);
  }

  private AddressOwner unclaimedOwner(
      IpAddress address, boolean isHostLocal, Optional<UnknownOwner> unplaced) {
    if (isHostLocal) {
      return ofAnything
          .map(Ends::unknown)
          .orElseGet(
              () -> new AddressOwner.Unknown("a loopback or link-local address is anybody's"));
    }
    return unowned == Unowned.OUTSIDE
        ? new AddressOwner.Outside()
        : (isWherePodsAre(address) ? ofUnclaimed : ofUnclaimedElsewhere)
            .or(() -> unplaced)
            .map(Ends::unknown)
            .orElseGet(AddressOwner.Outside::new);
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
    AddressOwner owner = unclaimedOwner(address, isHostLocal, unplaced);
    return List.of(of(elsewhere(address, owner, !isHostLocal)));
  }

  /** What is assumed of addresses that nobody claims is not assumed of one that somebody does. */
  private Endpoint elsewhere(IpAddress address, AddressOwner owner, boolean mayBeAssumed) {
    return owner instanceof AddressOwner.Unknown unknown
        ? new Endpoint.Unknown(
            address, unknown.why(), unowned == Unowned.BLOCKS_DECIDE && mayBeAssumed)
        : new Endpoint.Outside(address);
  }

  Unclaimed unclaimed(Unplaced unplaced) {
    return Objects.requireNonNull(whileUnplaced.get(unplaced));
  }

  Party of(Endpoint end) {
    return Party.of(end, vocabulary);
  }
}
