// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a request came by.
 *
 * @param source the socket's far end
 * @param local the socket's near end
 * @param tls what the handshake has shown
 */
record Connection(InetSocketAddress source, InetSocketAddress local, Handshake tls) {
  /** The end of a socket; one that has no address is no evidence. */
  static InetSocketAddress end(@Nullable Object address) {
    if (address instanceof InetSocketAddress known && !known.isUnresolved()) {
      return known;
    }
    throw Untold.because(
        address instanceof SocketAddress
            ? "it came by a socket without an internet address, such as one of a Unix domain"
            : "its connection has ended");
  }
}
