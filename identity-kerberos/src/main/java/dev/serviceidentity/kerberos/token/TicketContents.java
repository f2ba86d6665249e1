// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/**
 * What the KDC says in a ticket: EncTicketPart (RFC 4120 section 5.3). Holds the session key.
 *
 * @param validity its flags and times
 * @param session the key that the KDC gave to the client, too
 * @param client who the ticket was given to
 * @param transited the realms on the way from the client's to ours, as the KDC encodes them
 * @param addresses from where it may be used; empty for everywhere
 */
public record TicketContents(
    Validity validity,
    ProtocolKey session,
    RawName client,
    Octets transited,
    List<HostAddress> addresses) {
  private static final int INVALID = 0x01000000;
  private static final int TRANSITED_POLICY_CHECKED = 0x00080000;

  /** RFC 8062 section 3; in the numbering of RFC 4120 bit 16. */
  private static final int ANONYMOUS = 0x00008000;

  private static final String WHAT = "the opened ticket";

  /**
   * The flags of a ticket, and its times in seconds since 1970.
   *
   * @param flags all of them (RFC 4120 section 5.3)
   * @param authenticated when the client proved itself to the KDC
   * @param start when it begins; the same where the ticket says nothing
   * @param end when it ends
   */
  public record Validity(int flags, long authenticated, long start, long end) {}

  /**
   * What a KDC says.
   *
   * @param addresses from where it may be used; empty for everywhere
   * @param validity its flags and times
   * @param session the key that the KDC gave to the client, too
   * @param client who the ticket was given to
   * @param transited the realms on the way from the client's to ours, as the KDC encodes them
   */
  public TicketContents {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads a ticket that has been opened, and so was written by somebody who has our key.
   *
   * @param plain what was sealed
   * @param service the key that has opened it
   * @return copies, so that the bytes can be wiped
   * @throws RefusedTokenException if it is none, or has a key of a type that is not accepted
   */
  public static TicketContents read(byte[] plain, ProtocolKey service)
      throws RefusedTokenException {
    var in = new TokenReader(plain);
    int end = in.enter(TokenReader.application(3), WHAT);
    int tagged = in.enter(TokenReader.SEQUENCE, WHAT);
    int flags = in.flags(0, "the ticket's flags");
    ProtocolKey session = SessionKey.read(in, 1, "the session key", service);
    RawName client = RawName.read(in, 2, "crealm or cname of the ticket");
    Octets transited = transited(in);
    Validity validity = validity(in, flags);
    List<HostAddress> addresses =
        in.nextIs(TokenReader.context(9)) ? HostAddress.readAll(in, 9) : List.of();
    AuthorizationData.pass(in, 10, "the ticket");
    in.leave(tagged, WHAT);
    in.leave(end, WHAT);
    // RFC 3961 section 5.3 pads nothing for AES: what follows was not written by a KDC.
    in.end(WHAT);
    // Copies, since the message holds the session key and perhaps a large PAC, and is wiped.
    return new TicketContents(
        validity, session, client.copy(), Octets.of(transited.copy()), addresses);
  }

  /**
   * Whether the KDC has marked it invalid (RFC 4120 section 2.2).
   *
   * @return its flag
   */
  public boolean isInvalid() {
    return (validity.flags & INVALID) != 0;
  }

  /**
   * Whether the KDC has judged the realms on the way (RFC 4120 section 2.7).
   *
   * @return its flag
   */
  public boolean isTransitChecked() {
    return (validity.flags & TRANSITED_POLICY_CHECKED) != 0;
  }

  /**
   * Whether the KDC says that nobody is to know who the client is, though its name be one.
   *
   * @return its flag
   */
  public boolean isAnonymous() {
    return (validity.flags & ANONYMOUS) != 0;
  }

  /**
   * When the client proved itself to the KDC.
   *
   * @return the time, by the KDC's clock
   */
  public Instant authenticatedAt() {
    return Instant.ofEpochSecond(validity.authenticated);
  }

  /**
   * When it ends.
   *
   * @return the time, by the KDC's clock
   */
  public Instant expiresAt() {
    return Instant.ofEpochSecond(validity.end);
  }

  /**
   * Whether it may be used from an address.
   *
   * @param source where the caller is
   * @return also true if it may be used from everywhere
   */
  public boolean permits(InetAddress source) {
    return addresses.isEmpty() || addresses.stream().anyMatch(address -> address.isOf(source));
  }

  /** Returns flags and times; the key is shown nowhere. */
  @Override
  public String toString() {
    return "TicketContents[" + validity + "]";
  }

  private static Octets transited(TokenReader in) throws RefusedTokenException {
    int outer = in.enterField(4, TokenReader.SEQUENCE, "transited");
    in.int32(0, "tr-type");
    Octets contents = in.field(1, TokenReader.OCTET_STRING, "transited");
    in.leave(outer, "transited");
    return contents;
  }

  private static Validity validity(TokenReader in, int flags) throws RefusedTokenException {
    long authenticated = in.time(5, "authtime");
    long start = in.nextIs(TokenReader.context(6)) ? in.time(6, "starttime") : authenticated;
    long end = in.time(7, "endtime");
    if (in.nextIs(TokenReader.context(8))) {
      in.time(8, "renew-till");
    }
    return new Validity(flags, authenticated, start, end);
  }
}
