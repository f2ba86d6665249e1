// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.HostAddress;
import dev.serviceidentity.kerberos.token.TicketContents;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/** What an opened ticket must fulfil each time that it is used (RFC 4120 section 3.2.3). */
final class TicketRules {
  private static final int MOST_NAMED = 5;

  private final long skew;
  private final RealmRules realms;

  /**
   * Rules.
   *
   * @param clockSkew what the clocks may differ by
   * @param realms of which realms clients may be
   */
  TicketRules(Duration clockSkew, RealmRules realms) {
    this.skew = clockSkew.toSeconds();
    this.realms = realms;
  }

  void check(OpenTicket ticket, long now, InetAddress source) throws RefusedTokenException {
    TicketContents contents = ticket.contents();
    checkTimes(contents, now);
    checkAddress(contents, source);
    realms.check(ticket);
  }

  private void checkTimes(TicketContents contents, long now) throws RefusedTokenException {
    TicketContents.Validity validity = contents.validity();
    if (contents.isInvalid()) {
      throw refused(
          KerberosRejection.TICKET_NOT_YET_VALID, "the KDC has marked the ticket as invalid");
    }
    if (validity.start() > now + skew) {
      throw refused(
          KerberosRejection.TICKET_NOT_YET_VALID,
          "the ticket begins at "
              + at(validity.start())
              + ", in "
              + (validity.start() - now)
              + skew());
    }
    if (validity.end() < now - skew) {
      throw refused(
          KerberosRejection.TICKET_EXPIRED,
          "the ticket ended at "
              + at(validity.end())
              + ", before "
              + (now - validity.end())
              + skew());
    }
  }

  private static void checkAddress(TicketContents contents, InetAddress source)
      throws RefusedTokenException {
    if (!contents.permits(source)) {
      throw refused(
          KerberosRejection.WRONG_ADDRESS,
          "the ticket is for use from "
              + contents.addresses().stream()
                  .limit(MOST_NAMED)
                  .map(HostAddress::text)
                  .collect(Collectors.joining(", "))
              + (contents.addresses().size() > MOST_NAMED ? " and more" : "")
              + ", and came from "
              + source.getHostAddress());
    }
  }

  private String skew() {
    return " s, and the clocks may differ by " + skew + " s";
  }

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  private static RefusedTokenException refused(KerberosRejection reason, String detail) {
    return new RefusedTokenException(reason, detail);
  }
}
