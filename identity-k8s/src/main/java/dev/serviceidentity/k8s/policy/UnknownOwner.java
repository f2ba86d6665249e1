// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something in the input that has addresses, or may, and of which it is not known who it is. An
 * address that it claims is nobody's, whoever else claims it; one that nobody claims may be its, of
 * a pod with a network of its own only where {@link Assumptions#podNetworks} says that pods are.
 *
 * @param what the object and where it is, for people
 * @param placement the addresses that it claims, or null if it may claim any
 */
public record UnknownOwner(String what, @Nullable Placement placement) {
  /**
   * Checks that it is said what it is.
   *
   * @param what the object and where it is
   * @param placement the addresses that it claims, or null if it may claim any
   */
  public UnknownOwner {
    Objects.requireNonNull(what, "what");
  }

  /** Whether it may have an address that no pod with a network of its own has. */
  boolean mayBeOnNode() {
    return placement == null || placement.hostNetwork();
  }

  /** Why the owner of an address is not known. */
  String why() {
    return what + " may own it";
  }
}
