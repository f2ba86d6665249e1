// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One element of a rule's {@code from} or {@code to}. */
public sealed interface Peer {
  /**
   * Pods by labels. At least one of the two is given; where both are, both must hold.
   *
   * @param namespaces chooses namespaces, or null for the policy's own
   * @param pods chooses pods within them, or null for all
   */
  record Pods(@Nullable LabelSelector namespaces, @Nullable LabelSelector pods) implements Peer {
    /**
     * Checks that one is given.
     *
     * @param namespaces chooses namespaces
     * @param pods chooses pods
     * @throws IllegalArgumentException if both are null: such a peer would match nothing
     */
    public Pods {
      if (namespaces == null && pods == null) {
        throw new IllegalArgumentException("A peer of pods has at least one selector");
      }
    }
  }

  /**
   * Addresses.
   *
   * @param cidr the block
   * @param except parts of it that do not count
   */
  record Block(Cidr cidr, List<Cidr> except) implements Peer {
    /**
     * Copies the list.
     *
     * @param cidr the block
     * @param except parts of it that do not count
     */
    public Block {
      Objects.requireNonNull(cidr, "cidr");
      except = List.copyOf(except);
    }
  }

  /**
   * Addresses in any of some blocks, as cluster-wide policies write them. They match whoever has
   * such an address, pods included.
   *
   * @param blocks where the address may be
   */
  record Networks(List<Cidr> blocks) implements Peer {
    /**
     * Copies the list.
     *
     * @param blocks where the address may be
     */
    public Networks {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * A peer that could not be read. It matches nothing.
   *
   * @param problem what is wrong with it
   */
  record Malformed(String problem) implements Peer {
    /**
     * Checks that it is said why.
     *
     * @param problem what is wrong with it
     */
    public Malformed {
      Objects.requireNonNull(problem, "problem");
    }
  }
}
