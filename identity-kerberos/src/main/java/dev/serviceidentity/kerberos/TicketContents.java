// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.apache.kerby.kerberos.kerb.KrbCodec;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.type.base.HostAddress;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;

/**
 * What the KDC says in a ticket (EncTicketPart, RFC 4120 section 5.3) that the JDK does not hand
 * out: the client's name component by component, and when the ticket ends.
 *
 * @param client who the ticket was given to
 * @param authenticatedAt when the client first proved itself to the KDC
 * @param expiresAt when the ticket ends
 * @param addresses from where it may be used; empty for everywhere
 */
record TicketContents(
    PrincipalName client, Instant authenticatedAt, Instant expiresAt, List<HostAddress> addresses) {

  TicketContents {
    addresses = List.copyOf(addresses);
  }

  /** Reads a ticket that has been opened, and so was written by somebody who has our key. */
  static TicketContents read(byte[] plain) throws RefusedTokenException {
    try {
      EncTicketPart part = KrbCodec.decode(plain, EncTicketPart.class);
      var client = new PrincipalName(part.getCname().getNameStrings(), part.getCrealm());
      var addresses = part.getClientAddresses();
      return new TicketContents(
          client,
          Instant.ofEpochMilli(part.getAuthTime().getTime()),
          Instant.ofEpochMilli(part.getEndTime().getTime()),
          addresses == null ? List.of() : addresses.getElements());
    } catch (KrbException | RuntimeException undecodable) {
      // Kerby throws NullPointerException and IndexOutOfBoundsException on bad or missing fields.
      throw malformed("the ticket opens, but what is in it is not a ticket");
    }
  }

  boolean permits(InetAddress source) {
    return addresses.isEmpty()
        || addresses.stream().anyMatch(address -> address.equalsWith(source));
  }
}
