// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import dev.serviceidentity.k8s.policy.IpAddress;
import java.net.InetAddress;
import java.util.Objects;

/**
 * Whom a piece of work is charged to.
 *
 * @param address where the request comes from
 * @param group what is proven of who makes it, such as the namespace of a verified service account;
 *     empty if nothing is. What is only claimed does not belong here: whoever claims another's
 *     namespace would spend its budget
 */
public record Payer(IpAddress address, String group) {
  /**
   * Checks that nothing is missing.
   *
   * @param address where the request comes from
   * @param group what is proven of who makes it, or empty
   */
  public Payer {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(group, "group");
  }

  /**
   * A source of which nothing else is proven.
   *
   * @param address where the request comes from
   * @return who pays
   */
  public static Payer of(InetAddress address) {
    return new Payer(IpAddress.of(address), "");
  }
}
