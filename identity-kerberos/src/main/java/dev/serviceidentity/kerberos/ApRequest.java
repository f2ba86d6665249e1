// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import java.util.ArrayList;

/**
 * AP-REQ (RFC 4120 section 5.5.1) as it travels: what is readable without a key, none of which is
 * proven yet.
 *
 * @param service the cleartext name of the service that the ticket is for
 * @param ticket the closed part of the ticket
 */
record ApRequest(PrincipalName service, EncryptedPart ticket) {
  private static final int USE_SESSION_KEY = 0x40000000;
  private static final int MOST_COMPONENTS = 16;

  static ApRequest read(byte[] der) throws RefusedTokenException {
    var outer = new TokenReader(der);
    TokenReader request = sequence(outer, 14, "AP-REQ");
    outer.end("AP-REQ");
    require(request, 0, 5, "pvno");
    require(request, 1, 14, "msg-type");
    int options = request.field(2, TokenReader.BIT_STRING, "ap-options").flags("ap-options");
    if ((options & USE_SESSION_KEY) != 0) {
      // Unknown options are ignored, but this one says which key opens the ticket.
      throw malformed("the ticket is for user-to-user authentication");
    }
    TokenReader wrapper = request.enter(TokenReader.context(3), "the ticket");
    TokenReader ticket = sequence(wrapper, 1, "the ticket");
    wrapper.end("the ticket");
    ApRequest read = ticket(ticket);
    EncryptedPart.read(
        request.field(4, TokenReader.SEQUENCE, "the authenticator"), "the authenticator");
    request.end("AP-REQ");
    return read;
  }

  private static ApRequest ticket(TokenReader ticket) throws RefusedTokenException {
    require(ticket, 0, 5, "tkt-vno");
    String realm = ticket.field(1, TokenReader.GENERAL_STRING, "the ticket's realm").text();
    PrincipalName service = name(ticket.field(2, TokenReader.SEQUENCE, "sname"), realm);
    EncryptedPart part =
        EncryptedPart.read(ticket.field(3, TokenReader.SEQUENCE, "enc-part"), "the ticket");
    ticket.end("the ticket");
    return new ApRequest(service, part);
  }

  private static PrincipalName name(TokenReader name, String realm) throws RefusedTokenException {
    name.field(0, TokenReader.INTEGER, "name-type of sname").integer("name-type of sname");
    TokenReader strings = name.field(1, TokenReader.SEQUENCE, "name-string of sname");
    name.end("sname");
    var components = new ArrayList<String>();
    while (strings.hasMore()) {
      if (components.size() == MOST_COMPONENTS) {
        throw malformed("sname has more than " + MOST_COMPONENTS + " components");
      }
      components.add(strings.enter(TokenReader.GENERAL_STRING, "a component of sname").text());
    }
    return new PrincipalName(components, realm);
  }

  private static TokenReader sequence(TokenReader from, int application, String what)
      throws RefusedTokenException {
    TokenReader tagged = from.enter(TokenReader.application(application), what);
    TokenReader sequence = tagged.enter(TokenReader.SEQUENCE, what);
    tagged.end(what);
    return sequence;
  }

  private static void require(TokenReader from, int field, int expected, String what)
      throws RefusedTokenException {
    if (from.field(field, TokenReader.INTEGER, what).integer(what) != expected) {
      throw malformed(what + " is not " + expected);
    }
  }
}
