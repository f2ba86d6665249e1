// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import org.jspecify.annotations.Nullable;

/** Accepts tokens with the keys of one reading of the keytab. */
public interface Acceptor {
  /** Who was accepted, and the bytes to answer with. */
  final class Accepted {
    private final Caller caller;
    private final byte @Nullable [] reply;

    /**
     * An acceptance.
     *
     * @param caller who was accepted
     * @param reply the token to answer with; null if the caller wants none
     */
    public Accepted(Caller caller, byte @Nullable [] reply) {
      this.caller = caller;
      this.reply = reply;
    }

    Caller caller() {
      return caller;
    }

    /**
     * The token to answer with.
     *
     * @return null if the caller wants none
     */
    public byte @Nullable [] reply() {
      return reply;
    }
  }

  /**
   * Judges one token; a negotiation of several is not continued.
   *
   * @param token the token
   * @param request the AP-REQ in it
   * @param evidence where it came from, and by which connection
   * @return who it is, and the answer
   * @throws RefusedTokenException if it is not accepted
   */
  Accepted accept(NegotiateToken token, ApRequest request, CallerEvidence evidence)
      throws RefusedTokenException;

  /** Gives up what is no longer of use. */
  default void tidy() {}
}
