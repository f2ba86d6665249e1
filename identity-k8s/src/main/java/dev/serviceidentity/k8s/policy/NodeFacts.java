// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;

/**
 * One node.
 *
 * @param name its name
 * @param addresses all its addresses, inside and outside
 */
public record NodeFacts(String name, List<IpAddress> addresses) {
  /**
   * Copies the list.
   *
   * @param name its name
   * @param addresses all its addresses
   */
  public NodeFacts {
    Objects.requireNonNull(name, "name");
    addresses = List.copyOf(addresses);
  }
}
