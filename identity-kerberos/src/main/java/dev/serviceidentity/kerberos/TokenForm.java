// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import dev.serviceidentity.mechanism.Target;

/** How a Kerberos token travels, either way. */
enum TokenForm {
  /** Inside SPNEGO (RFC 4178), as RFC 4559 demands of HTTP. */
  SPNEGO {
    @Override
    TokenWriter wrap(TokenWriter mechToken) {
      return SpnegoExchange.open(mechToken);
    }

    @Override
    ServiceAnswer read(byte[] answer) throws RefusedTokenException {
      return SpnegoExchange.read(answer);
    }
  },

  /** As it is. */
  BARE {
    @Override
    TokenWriter wrap(TokenWriter mechToken) {
      return mechToken;
    }

    @Override
    ServiceAnswer read(byte[] answer) {
      return new ServiceAnswer(ServiceAnswer.ACCEPT_COMPLETED, Octets.of(answer), null);
    }
  };

  static TokenForm of(Target target) {
    return target.speaksSpnego() ? SPNEGO : BARE;
  }

  /** Puts all that has been written into the frame. */
  abstract TokenWriter wrap(TokenWriter mechToken);

  /** Takes the service's answer out of the same frame. */
  abstract ServiceAnswer read(byte[] answer) throws RefusedTokenException;
}
