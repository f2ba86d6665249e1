// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a KDC tells the client alone: EncKDCRepPart (RFC 4120 section 5.4.2), after its MAC was
 * verified. Holds the session key.
 *
 * @param session the key that client and service share
 * @param nonce of the request that it answers
 * @param flags of the ticket
 * @param life of the ticket
 * @param service whom the ticket is for
 * @param isBound whether the ticket can be used from some addresses only
 */
record ReplyContent(
    ProtocolKey session,
    long nonce,
    Set<TicketFlag> flags,
    Ticket.Life life,
    RawName service,
    boolean isBound) {
  private static final int OF_AS = 25;
  private static final int OF_TGS = 26;
  private static final String WHAT = "the opened reply";

  ReplyContent {
    flags = Set.copyOf(flags);
  }

  /**
   * Reads either message, since some KDCs write the one of the TGS in an AS-REP (section 5.4.2).
   */
  static ReplyContent read(byte[] plain, ProtocolKey opener) throws RefusedTokenException {
    var in = new TokenReader(plain);
    int tag = TokenReader.application(OF_AS);
    int end = in.enter(in.nextIs(tag) ? tag : TokenReader.application(OF_TGS), WHAT);
    int tagged = in.enter(TokenReader.SEQUENCE, WHAT);
    ProtocolKey session = key(in, opener);
    in.skip(1, TokenReader.SEQUENCE, "last-req");
    long nonce = in.integer(2, "nonce");
    if (in.nextIs(TokenReader.context(3))) {
      in.time(3, "key-expiration");
    }
    Set<TicketFlag> flags = flags(in.flags(4, "flags"));
    Ticket.Life life = life(in);
    RawName service = RawName.read(in, 9, "srealm or sname");
    boolean isBound = skip(in, 11, "caddr");
    skip(in, 12, "encrypted-pa-data");
    in.leave(tagged, WHAT);
    in.leave(end, WHAT);
    in.end(WHAT);
    return new ReplyContent(session, nonce, flags, life, service, isBound);
  }

  /** Returns flags and times; the key is shown nowhere. */
  @Override
  public String toString() {
    return "ReplyContent[" + flags + " " + life + "]";
  }

  private static boolean skip(TokenReader in, int number, String what)
      throws RefusedTokenException {
    boolean isThere = in.nextIs(TokenReader.context(number));
    if (isThere) {
      in.skip(number, TokenReader.SEQUENCE, what);
    }
    return isThere;
  }

  private static ProtocolKey key(TokenReader in, ProtocolKey opener) throws RefusedTokenException {
    int outer = in.enterField(0, TokenReader.SEQUENCE, "the session key");
    int number = in.int32(0, "keytype");
    Octets value = in.field(1, TokenReader.OCTET_STRING, "keyvalue");
    in.leave(outer, "the session key");
    KeyType type =
        KeyType.of(number)
            .orElseThrow(
                () ->
                    malformed(
                        "the session key is of "
                            + KeyType.describe(number)
                            + ", which was not offered"));
    if (value.length() != type.keyLength()) {
      throw malformed("the session key has " + value.length() + " bytes, and is of " + type);
    }
    return opener.beside(type, value.copy());
  }

  private static Set<TicketFlag> flags(int bits) {
    return Stream.of(TicketFlag.values())
        .filter(flag -> (bits & (1 << (31 - flag.bit()))) != 0)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Ticket.Life life(TokenReader in) throws RefusedTokenException {
    long authenticated = in.time(5, "authtime");
    long start = in.nextIs(TokenReader.context(6)) ? in.time(6, "starttime") : authenticated;
    long end = in.time(7, "endtime");
    Instant renewable =
        in.nextIs(TokenReader.context(8)) ? Instant.ofEpochSecond(in.time(8, "renew-till")) : null;
    return new Ticket.Life(
        Instant.ofEpochSecond(authenticated),
        Instant.ofEpochSecond(start),
        Instant.ofEpochSecond(end),
        renewable);
  }
}
