// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One of a ticket's HostAddresses (RFC 4120 section 5.2.5).
 *
 * @param type 2 for IPv4 and 24 for IPv6 (section 7.5.3); what is neither matches nobody
 * @param address its bytes
 */
public record HostAddress(int type, Octets address) {
  private static final int IPV4 = 2;
  private static final int IPV6 = 24;

  /** Reads {@code [number] HostAddresses}. */
  static List<HostAddress> readAll(TokenReader in, int number) throws RefusedTokenException {
    String what = "caddr";
    var found = new ArrayList<HostAddress>();
    int outer = in.enterField(number, TokenReader.SEQUENCE, what);
    while (in.hasMore()) {
      int next = in.enter(TokenReader.SEQUENCE, what);
      int type = in.int32(0, what);
      Octets address = in.field(1, TokenReader.OCTET_STRING, what);
      found.add(new HostAddress(type, Octets.of(address.copy())));
      in.leave(next, what);
    }
    in.leave(outer, what);
    return found;
  }

  /**
   * As users write it; an address of another type is named by its type.
   *
   * @return for messages
   */
  public String text() {
    byte[] bytes = address.copy();
    boolean known = (type == IPV4 && bytes.length == 4) || (type == IPV6 && bytes.length == 16);
    try {
      return known
          ? InetAddress.getByAddress(bytes).getHostAddress()
          : "an address of type " + type;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("Addresses have 4 or 16 bytes", impossible);
    }
  }

  boolean isOf(InetAddress peer) {
    byte[] bytes = peer.getAddress();
    return type == (bytes.length == 4 ? IPV4 : IPV6) && Arrays.equals(address.copy(), bytes);
  }
}
