// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import org.jspecify.annotations.Nullable;

/**
 * What a service answers, without the frame around it; nothing of it is proven yet.
 *
 * @param state negState (RFC 4178 section 4.2.2)
 * @param token the token of the Kerberos mechanism
 * @param mic the service's MIC of the list of mechanisms
 */
public record ServiceAnswer(int state, @Nullable Octets token, @Nullable Octets mic) {
  static final int ACCEPT_COMPLETED = 0;

  /**
   * The token of a service that says that nothing more is to come.
   *
   * @return a token of the mechanism
   * @throws RefusedTokenException if the service rejects, wants another round, or brings none
   */
  public Octets completed() throws RefusedTokenException {
    switch (state) {
      case ACCEPT_COMPLETED -> {}
      case 1 -> throw malformed("the service wants another round (accept-incomplete)");
      case 2 -> throw malformed("the service rejects the negotiation");
      case 3 -> throw malformed("the service wants another round (request-mic)");
      default -> throw malformed("the service says the unknown negState " + state);
    }
    if (token == null) {
      throw malformed("the service says accept-completed and brings no token that proves it");
    }
    return token;
  }
}
