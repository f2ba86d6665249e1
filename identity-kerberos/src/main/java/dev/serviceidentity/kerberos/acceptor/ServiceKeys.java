// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.TicketContents;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.spi.ForeignText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The keys of one keytab as they were read at one time. Immutable; shows no key. */
public final class ServiceKeys {
  /** A ticket without a version costs a try for each key; nobody keeps more versions than this. */
  private static final int MOST_CANDIDATES = 16;

  private static final int MOST_NAMED = 5;
  private static final int MOST_KEYS_NAMED = 12;

  private final Map<PrincipalName, List<ServiceKey>> keys;

  /** The same lists by the names as tickets write them, so that no name has to be decoded. */
  private final Map<RawName, List<ServiceKey>> byRawName = new HashMap<>();

  private final Instant readAt;

  /**
   * Prepares keys.
   *
   * @param entries of strong types only
   * @param readAt when they were read
   */
  public ServiceKeys(List<KeytabEntry> entries, Instant readAt) {
    var workshop = new Workshop();
    var byName = new LinkedHashMap<PrincipalName, List<ServiceKey>>();
    for (KeytabEntry entry : entries) {
      KeyType type = KeyType.of(entry.etype()).orElseThrow();
      var key = new ProtocolKey(type, entry.key(), workshop);
      byName
          .computeIfAbsent(entry.principal(), principal -> new ArrayList<>())
          .add(ServiceKey.of(entry, key));
    }
    byName.forEach((name, own) -> byRawName.put(RawName.of(name), List.copyOf(own)));
    this.keys = byName;
    this.readAt = readAt;
  }

  /**
   * All of them.
   *
   * @return the keys of all principals
   */
  public List<ServiceKey> all() {
    return keys.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Opens a ticket, or says exactly why none of the keys does.
   *
   * @param request what the caller sends
   * @return the ticket in it
   * @throws RefusedTokenException with the reason, and what the keytab has
   */
  public OpenTicket open(ApRequest request) throws RefusedTokenException {
    EncryptedPart ticket = request.ticket();
    List<ServiceKey> own = keysOf(request.service());
    Optional<KeyType> type = KeyType.of(ticket.etype());
    if (type.isEmpty()) {
      throw refused(KerberosRejection.ofType(ticket.etype()), ticket, own, "which is not accepted");
    }
    List<ServiceKey> candidates = candidates(ticket, own);
    Octets cipher = ticket.cipher();
    for (ServiceKey candidate : candidates) {
      Optional<byte[]> plain =
          candidate.key().open(KeyUsage.TICKET, cipher.array(), cipher.offset(), cipher.length());
      if (plain.isPresent()) {
        return opened(candidate, ticket, plain.get());
      }
    }
    throw refused(
        KerberosRejection.WRONG_KEY,
        ticket,
        own,
        tried(ticket, own, candidates)
            + " opens it: the KDC has another one, or the ticket was changed");
  }

  private static OpenTicket opened(ServiceKey key, EncryptedPart ticket, byte[] plain)
      throws RefusedTokenException {
    try {
      return OpenTicket.of(key, ticket, TicketContents.read(plain, key.key()));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static String tried(
      EncryptedPart ticket, List<ServiceKey> own, List<ServiceKey> candidates) {
    if (ticket.kvno().isPresent()) {
      return "and no key that may be that one";
    }
    long all = own.stream().filter(key -> key.entry().etype() == ticket.etype()).count();
    return "and none of the " + candidates.size() + " newest of " + all + " such keys";
  }

  private List<ServiceKey> keysOf(RawName service) throws RefusedTokenException {
    List<ServiceKey> own = byRawName.get(service);
    if (own == null) {
      String names =
          keys.keySet().stream()
              .limit(MOST_NAMED)
              .map(PrincipalName::toString)
              .collect(Collectors.joining(", "));
      throw new RefusedTokenException(
          KerberosRejection.WRONG_SERVICE,
          "the ticket is for "
              + ForeignText.quote(service.decode().toString())
              + ", and this is "
              + names
              + (keys.size() > MOST_NAMED ? " or another of " + keys.size() : ""));
    }
    return own;
  }

  private List<ServiceKey> candidates(EncryptedPart ticket, List<ServiceKey> own)
      throws RefusedTokenException {
    var candidates = new ArrayList<ServiceKey>(1);
    boolean ofType = false;
    for (ServiceKey key : own) {
      ofType |= key.entry().etype() == ticket.etype();
      if (key.mayOpen(ticket) && candidates.size() < MOST_CANDIDATES) {
        candidates.add(key);
      }
    }
    if (!ofType) {
      throw refused(KerberosRejection.NO_KEY, ticket, own, "and the keytab has no such key");
    }
    if (candidates.isEmpty()) {
      throw refused(
          KerberosRejection.KEYTAB_STALE, ticket, own, "and the keytab lacks that version");
    }
    return candidates;
  }

  private RefusedTokenException refused(
      KerberosRejection reason, EncryptedPart ticket, List<ServiceKey> own, String finding) {
    String had =
        own.stream()
            .limit(MOST_KEYS_NAMED)
            .map(key -> key.entry().kvno() + " of " + key.key().type())
            .collect(Collectors.joining(", "));
    int more = own.size() - MOST_KEYS_NAMED;
    String kvno = ticket.kvno().isPresent() ? "kvno " + ticket.kvno().getAsLong() : "no kvno";
    return new RefusedTokenException(
        reason,
        "the ticket has "
            + kvno
            + " of "
            + KeyType.describe(ticket.etype())
            + ", "
            + finding
            + "; the keytab has for "
            + own.get(0).entry().principal()
            + " kvno "
            + had
            + (more > 0 ? " and " + more + " more" : "")
            + "; last read "
            + readAt.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Returns the principals and the number of keys. */
  @Override
  public String toString() {
    return "ServiceKeys" + keys.keySet() + " with " + all().size() + " keys";
  }
}
