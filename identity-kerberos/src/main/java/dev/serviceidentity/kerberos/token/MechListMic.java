// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import org.jspecify.annotations.Nullable;

/**
 * The MIC of the list of mechanisms (RFC 4178 section 5). It may be left out where the first of the
 * list is accepted, as it always is here; a caller who sends one is held to it and gets ours.
 */
public final class MechListMic {
  private MechListMic() {}

  /**
   * Verifies the caller's MIC.
   *
   * @param offer what SPNEGO has brought; null for a bare token
   * @param authenticator of the caller
   * @param session the ticket's session key
   * @throws RefusedTokenException if there is one and it is wrong
   */
  public static void verify(
      NegotiateToken.@Nullable Offer offer, Authenticator authenticator, ProtocolKey session)
      throws RefusedTokenException {
    if (offer == null || offer.mic() == null) {
      return;
    }
    ProtocolKey key = initiatorKey(authenticator, session);
    if (!MicToken.isOfInitiator(
        offer.mic().copy(), key, authenticator.sequence(), offer.mechanisms().copy())) {
      throw new RefusedTokenException(
          KerberosRejection.TAMPERED, "mechListMIC is not that of the offered mechanisms");
    }
  }

  /**
   * Our MIC, where the caller has sent one.
   *
   * @param offer what SPNEGO has brought; null for a bare token
   * @param authenticator of the caller
   * @param session the ticket's session key
   * @param reply what we answer with; null if the caller wants no proof
   * @return null where the caller has sent none
   */
  public static byte @Nullable [] answer(
      NegotiateToken.@Nullable Offer offer,
      Authenticator authenticator,
      ProtocolKey session,
      @Nullable ApReply reply) {
    if (offer == null || offer.mic() == null) {
      return null;
    }
    byte[] list = offer.mechanisms().copy();
    // Without an AP-REP we have told no number of our own: both begin with the caller's.
    return reply == null
        ? MicToken.ofAcceptorWithoutSubkey(
            initiatorKey(authenticator, session), authenticator.sequence(), list)
        : MicToken.ofAcceptor(reply.subkey(), reply.sequence(), list);
  }

  /** RFC 4121 section 2: the subkey of the caller, or the session key where it has sent none. */
  private static ProtocolKey initiatorKey(Authenticator authenticator, ProtocolKey session) {
    return authenticator.subkey() == null ? session : authenticator.subkey();
  }
}
