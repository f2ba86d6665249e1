// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;

/**
 * Judges the answer to a token of ours (RFC 4120 section 3.2.5): who could open the ticket knows
 * the session key, and says with it at what time our authenticator was made. Holds the keys of one
 * request.
 */
public final class ApReplyProof implements MutualReply.Proof {
  private final TokenForm form;
  private final ProtocolKey session;
  private final ProtocolKey subkey;
  private final Authenticator.Sent sent;

  /**
   * What is proven when it is answered.
   *
   * @param form how the answer travels
   * @param session of the ticket
   * @param subkey that we have sent
   * @param sent when
   */
  public ApReplyProof(
      TokenForm form, ProtocolKey session, ProtocolKey subkey, Authenticator.Sent sent) {
    this.form = form;
    this.session = session;
    this.subkey = subkey;
    this.sent = sent;
  }

  @Override
  public void check(byte[] token) throws RefusedTokenException {
    ServiceAnswer answer = form.read(token);
    if (answer.token() != null) {
      // A service that refuses us may say why, in whatever state.
      ServiceError.refuse(answer.token());
    }
    Octets message = MechToken.read(answer.completed());
    if (!message.startsWith(MechToken.AP_REP)) {
      throw malformed("the Kerberos token does not hold an AP-REP (TOK_ID 02 00)");
    }
    ApReplyContents contents = ApReplyContents.open(message.from(MechToken.AP_REP.length), session);
    if (!contents.answers(sent)) {
      throw new RefusedTokenException(
          KerberosRejection.REPLAYED, "the AP-REP answers another request with the same ticket");
    }
    if (answer.mic() != null) {
      checkMic(answer.mic().copy(), contents);
    }
  }

  /** It may be left out (RFC 4178 section 5); a service that sends one is held to it. */
  private void checkMic(byte[] mic, ApReplyContents contents) throws RefusedTokenException {
    boolean asserted = contents.subkey() != null;
    ProtocolKey key = contents.subkey() == null ? subkey : contents.subkey();
    if (!MicToken.isOfAcceptor(mic, key, asserted, contents.sequence(), SpnegoExchange.offered())) {
      throw new RefusedTokenException(
          KerberosRejection.TAMPERED, "mechListMIC is not that of the mechanism that we offered");
    }
  }
}
