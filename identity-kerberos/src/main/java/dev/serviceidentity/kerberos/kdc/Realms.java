// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.util.List;

/** The names of ticket-granting services (RFC 4120 section 7.3). */
final class Realms {
  private static final String KRBTGT = "krbtgt";

  private Realms() {}

  /** The service of one realm that grants tickets of another, or of itself. */
  static PrincipalName granting(String of, String at) {
    return new PrincipalName(List.of(KRBTGT, of), at);
  }

  static boolean isGranting(PrincipalName name) {
    return name.components().size() == 2 && name.components().get(0).equals(KRBTGT);
  }

  /** Whose KDC takes tickets for that service. */
  static String grantedBy(PrincipalName granting) {
    if (!isGranting(granting)) {
      throw new IllegalArgumentException("A ticket for " + granting + " grants no others");
    }
    return granting.components().get(1);
  }
}
