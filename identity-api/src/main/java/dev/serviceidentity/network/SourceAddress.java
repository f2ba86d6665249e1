// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.net.InetAddress;
import java.util.Objects;

/**
 * The address that a request is judged by, and why that one.
 *
 * @param socket what the kernel reports as the connection's remote address
 * @param effective the address to bind the caller to; the socket's, unless a trusted hop said
 *     otherwise
 * @param basis why the effective address is believed
 */
public record SourceAddress(InetAddress socket, InetAddress effective, Basis basis) {
  /** Why an effective address is believed. */
  public enum Basis {
    /** It is the socket's own. */
    SOCKET,
    /**
     * It is the socket's own and proves nothing; a trusted forwarder told whose workload it is, and
     * the request is judged by that workload's pods.
     */
    FORWARDED
  }

  /**
   * Checks that nothing is missing.
   *
   * @param socket the connection's remote address
   * @param effective the address to bind to
   * @param basis why it is believed
   */
  public SourceAddress {
    Objects.requireNonNull(socket, "socket");
    Objects.requireNonNull(effective, "effective");
    Objects.requireNonNull(basis, "basis");
  }

  /**
   * The same address, now of a caller whose workload a trusted forwarder told.
   *
   * @return the address to judge by
   */
  public SourceAddress forwarded() {
    return new SourceAddress(socket, effective, Basis.FORWARDED);
  }

  /**
   * The socket's own address, which nobody else vouches for.
   *
   * @param socket the connection's remote address
   * @return the address to judge by
   */
  public static SourceAddress ofSocket(InetAddress socket) {
    return new SourceAddress(socket, socket, Basis.SOCKET);
  }
}
