// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The keys of one service as they were read at one time. Immutable; shows no key. */
final class ServiceKeys {
  /** A ticket without a version costs a try for each key; nobody keeps more versions than this. */
  private static final int MOST_CANDIDATES = 16;

  private final PrincipalName principal;
  private final List<KeytabEntry> entries;
  private final Instant readAt;

  ServiceKeys(PrincipalName principal, List<KeytabEntry> entries, Instant readAt) {
    this.principal = principal;
    this.entries = List.copyOf(entries);
    this.readAt = readAt;
  }

  List<KeytabEntry> entries() {
    return entries;
  }

  /** Opens a ticket, or says exactly why none of the keys does. */
  TicketContents open(EncryptedPart ticket) throws RefusedTokenException {
    Optional<KeyType> type = KeyType.of(ticket.etype());
    if (type.isEmpty()) {
      throw refused(
          KeyType.isRetired(ticket.etype())
              ? KerberosRejection.WEAK_ENCRYPTION
              : KerberosRejection.NO_KEY,
          ticket,
          "which is not accepted");
    }
    for (KeytabEntry entry : candidates(ticket)) {
      Optional<byte[]> plain =
          SealedData.open(type.get(), entry.key(), SealedData.TICKET, ticket.cipher());
      if (plain.isPresent()) {
        return TicketContents.read(plain.get());
      }
    }
    throw refused(
        KerberosRejection.WRONG_KEY,
        ticket,
        "and that key does not open it: the KDC has another one, or the ticket was changed");
  }

  private List<KeytabEntry> candidates(EncryptedPart ticket) throws RefusedTokenException {
    List<KeytabEntry> ofType =
        entries.stream().filter(entry -> entry.etype() == ticket.etype()).toList();
    if (ofType.isEmpty()) {
      throw refused(KerberosRejection.NO_KEY, ticket, "and the keytab has no such key");
    }
    List<KeytabEntry> candidates =
        ofType.stream()
            .filter(entry -> mayOpen(entry, ticket.kvno()))
            .limit(MOST_CANDIDATES)
            .toList();
    if (candidates.isEmpty()) {
      throw refused(KerberosRejection.KEYTAB_STALE, ticket, "and the keytab lacks that version");
    }
    return candidates;
  }

  /** A version of zero stands for an unknown one, in tickets as in keytabs. */
  private static boolean mayOpen(KeytabEntry entry, OptionalLong kvno) {
    return kvno.isEmpty()
        || kvno.getAsLong() == 0
        || entry.kvno() == 0
        || entry.kvno() == kvno.getAsLong();
  }

  private RefusedTokenException refused(
      KerberosRejection reason, EncryptedPart ticket, String finding) {
    String had =
        entries.stream()
            .map(entry -> entry.kvno() + " of " + KeyType.describe(entry.etype()))
            .collect(Collectors.joining(", "));
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
            + principal
            + " kvno "
            + had
            + "; last read "
            + readAt.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Returns the principal and the number of keys. */
  @Override
  public String toString() {
    return "ServiceKeys[" + principal + ", " + entries.size() + " keys]";
  }
}
