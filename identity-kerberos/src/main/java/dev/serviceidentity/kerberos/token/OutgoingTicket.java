// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.util.HexFormat;

/**
 * A ticket that tokens are made of, with what all of them have in common written once. Holds the
 * session key. Immutable, thread-safe.
 */
public final class OutgoingTicket {
  /** pvno 5, msg-type 14, and of the ap-options mutual-required alone. */
  private static final byte[] REQUEST_HEAD =
      HexFormat.of().parseHex("a003020105a10302010ea20703050020000000");

  private static final int GSS_CHECKSUM = 0x8003;
  private static final int PRINCIPAL = 1;
  private static final int ROOM = 256;

  private final Ticket ticket;
  private final byte[] requestHead;
  private final byte[] authenticatorHead;

  private OutgoingTicket(Ticket ticket, byte[] requestHead, byte[] authenticatorHead) {
    this.ticket = ticket;
    this.requestHead = requestHead;
    this.authenticatorHead = authenticatorHead;
  }

  /**
   * Prepares tokens.
   *
   * @param ticket for a service
   * @return what its tokens are made of
   */
  public static OutgoingTicket of(Ticket ticket) {
    byte[] sealed = ticket.sealed();
    byte[] requestHead =
        new TokenWriter(sealed.length + ROOM)
            .raw(sealed)
            .wrap(TokenReader.context(3), 0)
            .raw(REQUEST_HEAD)
            .bytes();
    return new OutgoingTicket(ticket, requestHead, authenticatorHead(ticket.client()));
  }

  /**
   * What it was made of.
   *
   * @return the ticket
   */
  public Ticket ticket() {
    return ticket;
  }

  /**
   * Writes an AP-REQ as a token of the Kerberos mechanism.
   *
   * @param checksum that of the GSS-API
   * @param sent a time that no other request has
   * @param subkey a key that no other request has
   * @param random makes the sequence number and the confounder
   * @return the token, to be put into its frame
   */
  public TokenWriter request(
      byte[] checksum, Authenticator.Sent sent, ProtocolKey subkey, RandomOctets random) {
    ProtocolKey session = ticket.sessionKey();
    byte[] authenticator = authenticator(checksum, sent, subkey, random);
    byte[] sealed = session.seal(KeyUsage.AUTHENTICATOR, authenticator, random);
    var out = new TokenWriter(requestHead.length + sealed.length + ROOM);
    out.field(2, TokenReader.OCTET_STRING, sealed)
        .integer(0, session.type().number())
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(4), 0)
        .raw(requestHead)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(14), 0);
    return MechToken.frame(MechToken.AP_REQ, out);
  }

  /** Returns the ticket's names and end. */
  @Override
  public String toString() {
    return "Outgoing" + ticket;
  }

  /** RFC 4120 section 5.5.1. */
  private byte[] authenticator(
      byte[] checksum, Authenticator.Sent sent, ProtocolKey subkey, RandomOctets random) {
    var out = new TokenWriter(authenticatorHead.length + ROOM);
    out.integer(7, ApReply.sequence(random));
    SessionKey.write(out, 6, subkey);
    out.field(5, TokenReader.GENERALIZED_TIME, sent.ctime().copy()).integer(4, sent.cusec());
    int since = out.size();
    return out.field(1, TokenReader.OCTET_STRING, checksum)
        .integer(0, GSS_CHECKSUM)
        .wrap(TokenReader.SEQUENCE, since)
        .wrap(TokenReader.context(3), since)
        .raw(authenticatorHead)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(2), 0)
        .bytes();
  }

  /** authenticator-vno, crealm and cname. */
  private static byte[] authenticatorHead(PrincipalName client) {
    RawName name = RawName.of(client);
    return new TokenWriter(ROOM)
        .field(1, TokenReader.SEQUENCE, name.components().copy())
        .integer(0, PRINCIPAL)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(2), 0)
        .field(1, TokenReader.GENERAL_STRING, name.realm().copy())
        .integer(0, 5)
        .bytes();
  }
}
