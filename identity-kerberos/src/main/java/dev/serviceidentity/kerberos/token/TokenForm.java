// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import dev.serviceidentity.mechanism.Target;

/** How a Kerberos token travels, either way. */
public enum TokenForm {
  /** Inside SPNEGO (RFC 4178), as RFC 4559 demands of HTTP. */
  SPNEGO {
    @Override
    public TokenWriter wrap(TokenWriter mechToken) {
      return SpnegoExchange.open(mechToken);
    }

    @Override
    public ServiceAnswer read(byte[] answer) throws RefusedTokenException {
      return SpnegoExchange.read(answer);
    }
  },

  /** As it is. */
  BARE {
    @Override
    public TokenWriter wrap(TokenWriter mechToken) {
      return mechToken;
    }

    @Override
    public ServiceAnswer read(byte[] answer) {
      return new ServiceAnswer(ServiceAnswer.ACCEPT_COMPLETED, Octets.of(answer), null);
    }
  };

  /**
   * The one that a target wants.
   *
   * @param target the service to call
   * @return the form
   */
  public static TokenForm of(Target target) {
    return target.speaksSpnego() ? SPNEGO : BARE;
  }

  /**
   * Puts all that has been written into the frame.
   *
   * @param mechToken a token of the mechanism
   * @return the same writer
   */
  public abstract TokenWriter wrap(TokenWriter mechToken);

  /**
   * Takes the service's answer out of the same frame.
   *
   * @param answer the whole of it
   * @return what is in it, proven by nothing yet
   * @throws RefusedTokenException if it is not in that frame
   */
  public abstract ServiceAnswer read(byte[] answer) throws RefusedTokenException;
}
