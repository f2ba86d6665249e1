// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.Reason;
import java.util.Objects;

/**
 * Where and why a request was refused, or would have been.
 *
 * @param layer the layer that refused
 * @param reason the stable code
 * @param detail the facts of this case, for logs and operators and never for the caller
 */
public record Refusal(Layer layer, Reason reason, String detail) {
  /**
   * Checks that nothing is missing.
   *
   * @param layer the layer that refused
   * @param reason the stable code
   * @param detail the facts of this case
   */
  public Refusal {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(detail, "detail");
  }

  /**
   * For logs and operators: code, facts, and what to do.
   *
   * @return one paragraph; it may have several lines where a policy is explained
   */
  public String explanation() {
    return layer + " " + reason.name() + ": " + detail + "\n  → " + reason.remedy();
  }
}
