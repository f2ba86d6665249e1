// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;

/**
 * KDC-REP (RFC 4120 section 5.4.2), of which nothing is authentic until its sealed part is opened.
 *
 * @param client for whom the ticket is
 * @param ticket the whole Ticket, as it is shown to the service
 * @param service whom the ticket names as its service
 * @param sealed what the client alone can open
 */
record KdcReply(RawName client, Octets ticket, RawName service, EncryptedPart sealed)
    implements KdcAnswer {
  /** The msg-type of an AS-REP. */
  static final int OF_AS = 11;

  /** The msg-type of a TGS-REP. */
  static final int OF_TGS = 13;

  private static final String WHAT = "the reply";
  private static final String TICKET = "its ticket";

  static KdcReply read(TokenReader in, int type) throws RefusedTokenException {
    int end = in.enter(TokenReader.application(type), WHAT);
    int tagged = in.enter(TokenReader.SEQUENCE, WHAT);
    KdcAnswer.readType(in, type);
    if (in.nextIs(TokenReader.context(2))) {
      in.skip(2, TokenReader.SEQUENCE, "padata");
    }
    RawName client = RawName.read(in, 3, "crealm or cname");
    Octets ticket = in.value(TokenReader.context(5), TICKET);
    EncryptedPart sealed = EncryptedPart.read(in, 6, "enc-part");
    in.leave(tagged, WHAT);
    in.leave(end, WHAT);
    in.end(WHAT);
    return new KdcReply(client, ticket, service(ticket), sealed);
  }

  private static RawName service(Octets ticket) throws RefusedTokenException {
    var in = new TokenReader(ticket);
    int end = in.enter(TokenReader.application(1), TICKET);
    int tagged = in.enter(TokenReader.SEQUENCE, TICKET);
    if (in.integer(0, "tkt-vno") != PVNO) {
      throw RefusedTokenException.malformed("its ticket is not of version 5");
    }
    RawName service = RawName.read(in, 1, "realm or sname of its ticket");
    EncryptedPart.read(in, 3, "enc-part of its ticket");
    in.leave(tagged, TICKET);
    in.leave(end, TICKET);
    in.end(TICKET);
    return service;
  }
}
