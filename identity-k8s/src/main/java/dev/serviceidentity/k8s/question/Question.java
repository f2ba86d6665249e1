// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.network.Flow.Side;
import java.util.Objects;

/**
 * Whether one end may open a connection to another.
 *
 * @param from who opens it
 * @param to who accepts it
 * @param port the port of the accepting pods
 * @param side whose policies are asked
 */
public record Question(Reference from, Reference to, PortNumber port, Side side) {
  /**
   * Checks that nothing is missing.
   *
   * @param from who opens it
   * @param to who accepts it
   * @param port the port of the accepting pods
   * @param side whose policies are asked
   */
  public Question {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(side, "side");
  }

  /** Returns for example {@code shop/web → shop/orders:8080/TCP}. */
  @Override
  public String toString() {
    return from + " → " + to + ":" + port;
  }
}
