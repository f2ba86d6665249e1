// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One of a ticket's HostAddresses (RFC 4120 section 5.2.5).
 *
 * @param type 2 for IPv4 and 24 for IPv6 (section 7.5.3); what is neither matches nobody
 * @param address its bytes
 */
record HostAddress(int type, Octets address) {
  private static final int IPV4 = 2;
  private static final int IPV6 = 24;

  /** Reads {@code [number] HostAddresses}. */
  static List<HostAddress> readAll(TokenReader in, int number) throws RefusedTokenException {
    String what = "caddr";
    var found = new ArrayList<HostAddress>();
    int outer = in.enterField(number, TokenReader.SEQUENCE, what);
    while (in.hasMore()) {
      int next = in.enter(TokenReader.SEQUENCE, what);
      found.add(new HostAddress(in.int32(0, what), in.field(1, TokenReader.OCTET_STRING, what)));
      in.leave(next, what);
    }
    in.leave(outer, what);
    return found;
  }

  boolean isOf(InetAddress peer) {
    byte[] bytes = peer.getAddress();
    return type == (bytes.length == 4 ? IPV4 : IPV6) && Arrays.equals(address.copy(), bytes);
  }
}
