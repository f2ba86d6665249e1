// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;

/**
 * What the Kubernetes API leaves open and a person has to say.
 *
 * @param podsInBlocks whether an {@code ipBlock} matches the addresses of pods
 * @param unowned how an address is judged that no known pod or node owns, while some are not known
 * @param podNetworks blocks in one of which every pod has its addresses whose own are not known;
 *     none if that is not known either
 */
public record Assumptions(PodsInBlocks podsInBlocks, Unowned unowned, List<Cidr> podNetworks) {
  /** Blocks match pods, and what is not known stays undecidable. */
  public static final Assumptions DEFAULT =
      new Assumptions(PodsInBlocks.MATCH, Unowned.UNDECIDABLE);

  /** Whether an {@code ipBlock} matches pod addresses: network plugins differ. */
  public enum PodsInBlocks {
    /** It does, as the upstream end-to-end tests expect. */
    MATCH,
    /** It does not; blocks are for the world outside. */
    IGNORE,
    /** Nobody knows: a block that would match leaves the flow undecidable. */
    UNDECIDABLE
  }

  /** How an address is judged that may belong to a pod or node that is not known. */
  public enum Unowned {
    /** Neither blocks nor selectors decide on it. */
    UNDECIDABLE,
    /** Blocks decide on it, selectors do not. */
    BLOCKS_DECIDE,
    /** It lies outside the cluster: blocks decide, selectors do not match. */
    OUTSIDE
  }

  /**
   * Copies the list.
   *
   * @param podsInBlocks whether blocks match pods
   * @param unowned how an unowned address is judged
   * @param podNetworks where pods have their addresses
   */
  public Assumptions {
    Objects.requireNonNull(podsInBlocks, "podsInBlocks");
    Objects.requireNonNull(unowned, "unowned");
    podNetworks = List.copyOf(podNetworks);
  }

  /**
   * Assumptions without knowledge of where pods have their addresses.
   *
   * @param podsInBlocks whether blocks match pods
   * @param unowned how an unowned address is judged
   */
  public Assumptions(PodsInBlocks podsInBlocks, Unowned unowned) {
    this(podsInBlocks, unowned, List.of());
  }
}
