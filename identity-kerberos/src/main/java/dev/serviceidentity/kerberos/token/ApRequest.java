// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;

/**
 * AP-REQ (RFC 4120 section 5.5.1) as it travels: what is readable without a key, none of which is
 * proven yet.
 *
 * @param wantsMutual whether the sender asks for proof of the service
 * @param service the cleartext name of the service that the ticket is for
 * @param ticket the closed part of the ticket
 * @param authenticator the closed authenticator
 */
public record ApRequest(
    boolean wantsMutual, RawName service, EncryptedPart ticket, EncryptedPart authenticator) {
  private static final int USE_SESSION_KEY = 0x40000000;
  private static final int MUTUAL_REQUIRED = 0x20000000;

  /**
   * Reads AP-REQ.
   *
   * @param der what follows the token identifier
   * @return what is readable in it
   * @throws RefusedTokenException if it is none, or is for user-to-user authentication
   */
  public static ApRequest read(Octets der) throws RefusedTokenException {
    var in = new TokenReader(der);
    int end = in.enter(TokenReader.application(14), "AP-REQ");
    int tagged = in.enter(TokenReader.SEQUENCE, "AP-REQ");
    require(in, 0, 5, "pvno");
    require(in, 1, 14, "msg-type");
    int options = in.flags(2, "ap-options");
    if ((options & USE_SESSION_KEY) != 0) {
      // Unknown options are ignored, but this one says which key opens the ticket.
      throw new RefusedTokenException(
          KerberosRejection.USER_TO_USER, "the ticket is for user-to-user authentication");
    }
    int outside = in.enter(TokenReader.context(3), "the ticket");
    int wrapper = in.enter(TokenReader.application(1), "the ticket");
    int ticketTagged = in.enter(TokenReader.SEQUENCE, "the ticket");
    require(in, 0, 5, "tkt-vno");
    RawName service = RawName.read(in, 1, "the ticket's realm or sname");
    EncryptedPart ticket = EncryptedPart.read(in, 3, "the ticket");
    in.leave(ticketTagged, "the ticket");
    in.leave(wrapper, "the ticket");
    in.leave(outside, "the ticket");
    EncryptedPart authenticator = EncryptedPart.read(in, 4, "the authenticator");
    in.leave(tagged, "AP-REQ");
    in.leave(end, "AP-REQ");
    in.end("AP-REQ");
    return new ApRequest((options & MUTUAL_REQUIRED) != 0, service, ticket, authenticator);
  }

  private static void require(TokenReader from, int field, int expected, String what)
      throws RefusedTokenException {
    if (from.integer(field, what) != expected) {
      throw malformed(what + " is not " + expected);
    }
  }
}
