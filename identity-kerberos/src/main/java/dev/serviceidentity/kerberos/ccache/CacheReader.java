// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import dev.serviceidentity.spi.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the bytes of a credential cache, strictly and within bounds: versions 3 and 4 of MIT's file
 * format.
 *
 * @see <a href="https://web.mit.edu/kerberos/krb5-latest/doc/formats/ccache_file_format.html">MIT
 *     credential cache file format</a>
 */
final class CacheReader {
  private static final int VERSION_3 = 0x0503;
  private static final int VERSION_4 = 0x0504;
  private static final int TIME_OFFSET = 1;
  private static final int MOST_CREDENTIALS = 10_000;

  /** What lies farther off is no clock that runs wrong, and would make dead tickets serve. */
  private static final Duration LARGEST_OFFSET = Duration.ofDays(1);

  /** Settings of MIT's library have this realm, and removed ones the other. */
  private static final Set<String> PSEUDO_REALMS = Set.of("X-CACHECONF:", "X-RMED-CONF:");

  private final CacheBytes in;
  private final Workshop workshop;
  private final int version;
  private final List<Ticket> tickets = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private CacheReader(CacheBytes in, Workshop workshop) throws MalformedCacheException {
    this.in = in;
    this.workshop = workshop;
    this.version = in.unsigned16();
  }

  static CredentialCache read(byte[] bytes, Workshop workshop) throws MalformedCacheException {
    return new CacheReader(new CacheBytes(bytes), workshop).read();
  }

  private CredentialCache read() throws MalformedCacheException {
    if (version != VERSION_3 && version != VERSION_4) {
      throw new MalformedCacheException(
          String.format(
              "starts with %04x, and a credential cache with 0504 or 0503 (kinit writes 0504"
                  + " unless ccache_type in krb5.conf says another)",
              version));
    }
    Duration offset = version == VERSION_4 ? header() : Duration.ZERO;
    PrincipalName client = in.principal();
    int count = 0;
    while (in.hasMore()) {
      if (++count > MOST_CREDENTIALS) {
        throw new MalformedCacheException("has more than " + MOST_CREDENTIALS + " credentials");
      }
      credential();
    }
    return new CredentialCache(client, tickets, offset, leftOut);
  }

  /** Unknown tags are passed over, as the format demands. */
  private Duration header() throws MalformedCacheException {
    Duration offset = Duration.ZERO;
    int length = in.unsigned16();
    int end = in.position() + length;
    while (in.position() < end) {
      int tag = in.unsigned16();
      int size = in.unsigned16();
      if (tag == TIME_OFFSET && size == 2 * Integer.BYTES) {
        offset = Duration.ofSeconds(in.signed32()).plusNanos(in.signed32() * 1000L);
      } else {
        in.skip(size);
      }
    }
    if (in.position() != end) {
      throw new MalformedCacheException("has a header whose fields are longer than itself");
    }
    if (offset.abs().compareTo(LARGEST_OFFSET) > 0) {
      throw new MalformedCacheException(
          "says that the KDC's clock differs by " + offset + ", and a day is the most");
    }
    return offset;
  }

  private void credential() throws MalformedCacheException {
    int start = in.position();
    PrincipalName client = in.principal();
    PrincipalName service = in.principal();
    int etype = in.unsigned16();
    if (version == VERSION_3 && in.unsigned16() != etype) {
      throw new MalformedCacheException(
          "has two types for one key in the credential at byte " + start);
    }
    byte[] key = in.data("key");
    Ticket.Life life = life();
    boolean toUser = in.unsigned8() != 0;
    Set<TicketFlag> flags = flags(in.signed32());
    in.skipTyped("address");
    in.skipTyped("piece of authorization data");
    byte[] sealed = in.data("ticket");
    in.data("second ticket");
    if (isPseudo(service) || isRemoved(life)) {
      return;
    }
    Optional<KeyType> type = KeyType.of(etype);
    if (type.isEmpty()) {
      leaveOut(service, "its session key is of " + KeyType.describe(etype) + " (RFC 8429)");
    } else if (toUser) {
      leaveOut(service, "it is sealed with a session key (user to user)");
    } else {
      requireWhole(type.get(), key, sealed, start);
      var session = new ProtocolKey(type.get(), key, workshop);
      tickets.add(new Ticket(client, service, sealed, session, flags, life));
    }
  }

  private static boolean isPseudo(PrincipalName service) {
    return PSEUDO_REALMS.contains(service.realm());
  }

  /** MIT's library cannot take a credential out of the file, and gives it impossible times. */
  private static boolean isRemoved(Ticket.Life life) {
    return life.endsAt().equals(Instant.EPOCH) && !life.authenticatedAt().equals(Instant.EPOCH);
  }

  private Ticket.Life life() throws MalformedCacheException {
    Instant authenticatedAt = in.time();
    Instant startsAt = in.time();
    Instant endsAt = in.time();
    Instant renewableUntil = in.time();
    // Zero stands for a time that the KDC left out (RFC 4120 section 5.3).
    return new Ticket.Life(
        authenticatedAt,
        startsAt.equals(Instant.EPOCH) ? authenticatedAt : startsAt,
        endsAt,
        renewableUntil.equals(Instant.EPOCH) ? null : renewableUntil);
  }

  private static Set<TicketFlag> flags(int bits) {
    var flags = EnumSet.noneOf(TicketFlag.class);
    Arrays.stream(TicketFlag.values()).filter(flag -> (bits << flag.bit()) < 0).forEach(flags::add);
    return flags;
  }

  private void leaveOut(PrincipalName service, String why) {
    leftOut.add("the ticket for " + ForeignText.quote(service.toString()) + ": " + why);
  }

  private static void requireWhole(KeyType type, byte[] key, byte[] sealed, int start)
      throws MalformedCacheException {
    if (key.length != type.keyLength()) {
      throw new MalformedCacheException(
          "has a key of "
              + key.length
              + " bytes for "
              + type
              + " in the credential at byte "
              + start);
    }
    if (!isTicket(sealed)) {
      throw new MalformedCacheException(
          "has something else than a ticket in the credential at byte " + start);
    }
  }

  /** Whether it is one DER value with the tag APPLICATION 1 (RFC 4120 section 5.3). */
  private static boolean isTicket(byte[] der) {
    if (der.length < 2 || der[0] != 0x61) {
      return false;
    }
    int first = der[1] & 0xff;
    if (first < 0x80) {
      return der.length == 2 + first;
    }
    int octets = first & 0x7f;
    if (octets < 1 || octets > 3 || der.length < 2 + octets) {
      return false;
    }
    int length = 0;
    for (int i = 0; i < octets; i++) {
      length = length << 8 | (der[2 + i] & 0xff);
    }
    return der.length == 2 + octets + length;
  }
}
