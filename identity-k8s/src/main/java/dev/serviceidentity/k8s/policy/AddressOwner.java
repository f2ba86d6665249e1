// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Who owns an address, as far as the known facts tell. */
public sealed interface AddressOwner {
  /**
   * Pods with a network of their own. Several may share an address while one ends and one starts.
   *
   * @param pods one or more
   */
  record Pods(List<PodFacts> pods) implements AddressOwner {
    /**
     * Copies the list.
     *
     * @param pods one or more
     */
    public Pods {
      pods = List.copyOf(pods);
    }
  }

  /**
   * A node, and every pod on its host network.
   *
   * @param names the nodes that claim the address; none if only their pods are known
   */
  record Node(Set<String> names) implements AddressOwner {
    /**
     * Copies the set.
     *
     * @param names the nodes that claim the address
     */
    public Node {
      names = Set.copyOf(names);
    }
  }

  /** Nobody in the cluster. */
  record Outside() implements AddressOwner {}

  /**
   * It is not known.
   *
   * @param why what is missing
   */
  record Unknown(String why) implements AddressOwner {
    /**
     * Checks that it is said why.
     *
     * @param why what is missing
     */
    public Unknown {
      Objects.requireNonNull(why, "why");
    }
  }
}
