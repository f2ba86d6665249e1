// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Tickets that no service opens, for tests of how long they are kept. */
final class PlainTicket {
  static final PrincipalName WEB = PrincipalName.parse("web@SHOP.EXAMPLE");
  private static final PrincipalName GRANTING =
      PrincipalName.parse("krbtgt/SHOP.EXAMPLE@SHOP.EXAMPLE");

  private PlainTicket() {}

  static Ticket of(PrincipalName service, Instant start, Instant end) {
    var key = new ProtocolKey(KeyType.AES128_SHA1, new byte[16], new Workshop());
    var life = new Ticket.Life(start, start, end, null);
    return new Ticket(WEB, service, new byte[] {0x61, 0}, key, Set.of(), life);
  }

  static NativeLogin login(Instant start, Instant end) {
    return NativeLogin.of(of(GRANTING, start, end), Duration.ZERO, "");
  }
}
