// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.util.Objects;

/**
 * A connection that somebody opens or wants to open.
 *
 * @param from who opens it
 * @param to who accepts it
 * @param port the port on the accepting pod, 1 to 65535, after any Service translation
 * @param protocol the transport protocol
 * @param side whose policies are asked
 */
public record Flow(FlowEnd from, FlowEnd to, int port, Protocol protocol, Side side) {
  /** The transport protocols that network policies know. */
  public enum Protocol {
    /** RFC 9293. */
    TCP,
    /** RFC 768. */
    UDP,
    /** RFC 9260. */
    SCTP
  }

  /** Whose policies are asked. */
  public enum Side {
    /** Those of the accepting pod. */
    INGRESS,
    /** Those of the opening pod. */
    EGRESS,
    /** Both; the flow needs both. */
    BOTH
  }

  /**
   * Checks the parts.
   *
   * @param from who opens it
   * @param to who accepts it
   * @param port the accepting pod's port
   * @param protocol the transport protocol
   * @param side whose policies are asked
   * @throws IllegalArgumentException if the port is not 1 to 65535
   */
  public Flow {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(side, "side");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("A port is 1 to 65535, not " + port);
    }
  }

  /** Returns for example {@code shop/web → shop/orders:8080/TCP}. */
  @Override
  public String toString() {
    return from + " → " + to + ":" + port + "/" + protocol;
  }
}
