// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something in the input that changes, or may change, what the network does, and that cannot be
 * evaluated. Nothing that it could touch is decided.
 *
 * @param what the object and where it is, for people
 * @param namespace the only namespace whose pods it can touch, or null if that is not known
 */
public record UnreadPolicy(String what, @Nullable String namespace) {
  /**
   * Checks that it is said what it is.
   *
   * @param what the object and where it is
   * @param namespace the only namespace that it can touch, or null
   */
  public UnreadPolicy {
    Objects.requireNonNull(what, "what");
  }

  boolean mayTouch(String podNamespace) {
    return namespace == null || namespace.equals(podNamespace);
  }
}
