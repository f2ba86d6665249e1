// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;

/**
 * What came of one request: a ticket that has been verified, or a refusal that anybody may write.
 */
sealed interface Outcome {
  /**
   * The KDC gave a ticket.
   *
   * @param ticket verified
   */
  record Granted(Ticket ticket) implements Outcome {}

  /**
   * Something at the KDC's address says no.
   *
   * @param error what it says
   * @param from its address
   */
  record Refused(KdcError error, KdcAddress from) implements Outcome {
    /**
     * The refusal as the caller is told it.
     *
     * @param doing what was tried, as the beginning of a sentence
     */
    IdentityException toException(String doing, String realm, PrincipalName own) {
      return new IdentityException(
          error.code() == KdcError.TICKET_EXPIRED ? Code.EXPIRED : Code.REFUSED,
          doing
              + " failed: the KDC of "
              + realm
              + " at "
              + from
              + " says "
              + error.said()
              + "."
              + (error.code() == KdcError.SKEW ? " Its clock says " + error.serverTime() + "." : "")
              + KdcErrors.cure(error.code(), own),
          new KdcRefusedException(error));
    }
  }

  /** A refusal, unless another KDC may do better. */
  static Outcome refused(KdcError error, KdcAddress from) throws RefusedTokenException {
    if (error.code() == KdcError.SERVICE_UNAVAILABLE) {
      throw RefusedTokenException.malformed("it says " + error.said());
    }
    return new Refused(error, from);
  }
}
