// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.IpAddress.Family;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where an address lies that is not known itself: in one of some blocks.
 *
 * @param blocks of that family
 * @param isTold whether somebody said so, or every address of the family is possible
 */
record Range(Family family, List<Cidr> blocks, boolean isTold) {
  private static final List<Range> ANYWHERE =
      List.of(
          new Range(Family.IPV4, List.of(Cidr.parse("0.0.0.0/0")), false),
          new Range(Family.IPV6, List.of(Cidr.parse("::/0")), false));

  /** One for each family that an address may have. */
  static List<Range> of(List<Cidr> networks) {
    return networks.isEmpty()
        ? ANYWHERE
        : Stream.of(Family.values())
            .map(family -> new Range(family, only(family, networks), true))
            .filter(range -> !range.blocks.isEmpty())
            .toList();
  }

  private static List<Cidr> only(Family family, List<Cidr> networks) {
    return networks.stream().filter(block -> block.address().family() == family).toList();
  }

  /** Whether the address is in a block and in none of its holes. */
  Ternary isIn(Cidr block, List<Cidr> holes) {
    return blocks.stream()
        .map(own -> isIn(own, block, holes))
        .reduce(Ternary::either)
        .orElseThrow();
  }

  private static Ternary isIn(Cidr own, Cidr block, List<Cidr> holes) {
    Ternary result = own.isIn(block);
    for (Cidr hole : holes) {
      result = result.and(own.isIn(hole).not());
    }
    return result;
  }

  /** What is known of an address that is not known itself, and how to make enough known. */
  static String unknown(Endpoint end, Ternary decision) {
    if (!(end instanceof Endpoint.OfPod of) || of.range() == null) {
      return "is not known";
    }
    if (of.range().isTold) {
      return "is somewhere in " + of.range();
    }
    return decision == Ternary.UNKNOWN
        ? "is not known; say where pods have theirs (--pod-cidr, podNetworks) or whether blocks"
            + " match pods at all (--pods-in-blocks, podsInBlocks)"
        : "is an " + of.range().family + " address";
  }

  @Override
  public String toString() {
    return blocks.stream().map(Cidr::toString).collect(Collectors.joining(" or "));
  }
}
