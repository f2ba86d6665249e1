// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.net.InetAddress;
import java.util.Objects;

/**
 * Who passed a request on and says for whom: the caller itself was at the far end of another
 * connection. Made by mechanisms for forwarders that they were configured to trust.
 */
public sealed interface Forwarder {
  /**
   * A proxy that has proven its own identity on this connection. To be allowed to call does not
   * make anybody one.
   *
   * @param caller the proxy's own verified identity
   */
  record Proxy(Caller caller) implements Forwarder {
    /**
     * Checks that it is there.
     *
     * @param caller the proxy's own verified identity
     */
    public Proxy {
      Objects.requireNonNull(caller, "caller");
    }

    /** Returns the proxy's principal. */
    @Override
    public String toString() {
      return caller.toString();
    }
  }

  /**
   * A sidecar in this service's own pod, which has proven nothing and is believed for its address.
   * Whatever runs in the pod can pretend to be it.
   *
   * @param address the address that it speaks from
   */
  record Sidecar(InetAddress address) implements Forwarder {
    /**
     * Checks that it is there.
     *
     * @param address the address that it speaks from
     */
    public Sidecar {
      Objects.requireNonNull(address, "address");
    }

    /** Returns {@code sidecar} and the address. */
    @Override
    public String toString() {
      return "sidecar " + address.getHostAddress();
    }
  }
}
