// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.TicketContents;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import java.util.Set;

/** Of which realms clients may be, and how their tickets may have come (RFC 4120 section 2.7). */
public final class RealmRules {
  private final Set<String> own;
  private final Set<String> trusted;

  /**
   * Rules.
   *
   * @param own the realms of the names that this service accepts as; a key of another realm that
   *     the keytab happens to hold makes nobody trusted
   * @param trusted whose clients may call besides
   */
  RealmRules(Set<String> own, Set<String> trusted) {
    this.own = Set.copyOf(own);
    this.trusted = Set.copyOf(trusted);
  }

  /** Whether the client is of a realm that is not ours. */
  boolean isVisitor(OpenTicket ticket) {
    return !own.contains(ticket.client().domain());
  }

  /**
   * Refuses clients of realms that are not trusted.
   *
   * @param ticket of the client
   * @throws RefusedTokenException if it is of one, or has come by realms that the KDC did not check
   */
  public void check(OpenTicket ticket) throws RefusedTokenException {
    String realm = ticket.client().domain();
    if (isVisitor(ticket) && !trusted.contains(realm)) {
      throw refused(
          "the client belongs to the realm " + ForeignText.quote(realm) + ", which is not trusted");
    }
    TicketContents contents = ticket.contents();
    // Also for a client of the own realm: its ticket may have been to others and come back.
    if (!contents.isTransitChecked() && contents.transited().length() > 0) {
      throw refused(
          "the KDC has not checked the realms between " + ForeignText.quote(realm) + " and ours");
    }
  }

  private static RefusedTokenException refused(String detail) {
    return new RefusedTokenException(KerberosRejection.REALM_NOT_TRUSTED, detail);
  }
}
