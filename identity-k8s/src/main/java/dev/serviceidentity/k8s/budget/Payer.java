// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import dev.serviceidentity.k8s.policy.IpAddress;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom a piece of work is charged to.
 *
 * @param address where the request comes from; null where no address says that, as behind a
 *     forwarder, and then a group must do
 * @param group what is proven of who makes it, such as the namespace of a verified service account;
 *     empty if nothing is. What is only claimed does not belong here: whoever claims another's
 *     namespace would spend its budget
 */
public record Payer(@Nullable IpAddress address, String group) {
  /**
   * Checks that nothing is missing.
   *
   * @param address where the request comes from, or null
   * @param group what is proven of who makes it, or empty
   * @throws IllegalArgumentException if there is neither
   */
  public Payer {
    Objects.requireNonNull(group, "group");
    if (address == null && group.isEmpty()) {
      throw new IllegalArgumentException("Somebody must pay");
    }
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
