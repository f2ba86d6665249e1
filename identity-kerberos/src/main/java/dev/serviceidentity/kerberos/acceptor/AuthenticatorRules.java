// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.Authenticator;
import dev.serviceidentity.kerberos.token.GssChecksum;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import java.time.Duration;
import java.time.Instant;

/** What an opened authenticator must fulfil (RFC 4120 section 3.2.3, RFC 4121 section 4.1.1). */
final class AuthenticatorRules {
  private final long skew;

  AuthenticatorRules(Duration clockSkew) {
    this.skew = clockSkew.toSeconds();
  }

  void check(ApRequest request, OpenTicket ticket, Authenticator authenticator, long now)
      throws RefusedTokenException {
    if (!authenticator.client().isSameAs(ticket.contents().client())) {
      throw new RefusedTokenException(
          KerberosRejection.CLIENT_MISMATCH,
          "the ticket belongs to "
              + ticket.clientText()
              + ", and the authenticator names "
              + ForeignText.quote(authenticator.client().decode().toString()));
    }
    long behind = now - authenticator.sent().seconds();
    if (behind > skew || behind < -skew) {
      throw new RefusedTokenException(
          KerberosRejection.CLOCK_SKEW,
          "the caller's clock says "
              + Instant.ofEpochSecond(authenticator.sent().seconds())
              + ", "
              + Math.abs(behind)
              + (behind > 0 ? " s behind" : " s ahead of")
              + " ours, and they may differ by "
              + skew
              + " s");
    }
    checkOptions(request, authenticator.checksum());
  }

  private static void checkOptions(ApRequest request, GssChecksum checksum)
      throws RefusedTokenException {
    if (checksum.isDceStyle()) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED,
          "the caller wants the three tokens of DCE style");
    }
    // The one is under the MAC and the other is not: a client sets both, somebody on the way one.
    if (checksum.wantsMutual() != request.wantsMutual()) {
      throw new RefusedTokenException(
          KerberosRejection.TAMPERED,
          "ap-options and the authenticator disagree on mutual authentication");
    }
  }
}
