// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Tickets that were opened before, found by every byte of their ciphertext. One cache belongs to
 * one reading of the keytab and so ends with it. Only tickets whose owner has proven to have the
 * session key are kept, and of one client no more than a sixteenth.
 *
 * <p>Large tickets are not kept, so that there is a bound in bytes, too: of 16,384 tickets with 8
 * kB and what was derived from their keys, some 200 MB, of which one client can hold 13; tickets of
 * the usual size take a tenth of that.
 *
 * <p>A fixed table in which each ticket has a few places, by its MAC: nobody locks, and what is
 * full gives up the ticket that was used longest ago.
 */
final class TicketCache {
  /** One client may hold one part of so many. */
  static final int PARTS = 16;

  private static final int PLACES = 8;

  /** A larger ticket, of an account with hundreds of groups, is opened each time that it comes. */
  private static final int LARGEST = 8 * 1024;

  /** The MAC of every type is longer. */
  private static final int HASHED = 8;

  /** A ticket in its place, and when it was last used: a hint, written without any order. */
  private static final class Kept {
    private final OpenTicket ticket;
    private final long hash;
    private final AtomicInteger ofClient;
    private long used;

    Kept(OpenTicket ticket, long hash, AtomicInteger ofClient, long used) {
      this.ticket = ticket;
      this.hash = hash;
      this.ofClient = ofClient;
      this.used = used;
    }
  }

  private final AtomicReferenceArray<@Nullable Kept> table;
  private final ConcurrentHashMap<PrincipalId, AtomicInteger> held = new ConcurrentHashMap<>();
  private final int quota;

  /**
   * An empty cache.
   *
   * @param capacity a power of two, at least 16
   */
  TicketCache(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < PARTS) {
      throw new IllegalArgumentException("The capacity is a power of two from 16, not " + capacity);
    }
    this.table = new AtomicReferenceArray<>(capacity);
    this.quota = capacity / PARTS;
  }

  /** The ticket of a request, if it was opened before, by the key of the service it names now. */
  @Nullable OpenTicket find(ApRequest request, long now) {
    EncryptedPart part = request.ticket();
    if (part.cipher().length() < HASHED) {
      return null;
    }
    long hash = hash(part.cipher());
    int first = first(hash);
    for (int i = first; i < first + PLACES; i++) {
      Kept kept = table.get(i);
      if (kept != null && kept.hash == hash && isOf(kept.ticket, request)) {
        if (kept.used != now) {
          kept.used = now;
        }
        return kept.ticket;
      }
    }
    return null;
  }

  /**
   * Keeps a ticket whose authenticator has been verified. A client that holds all it may gives up
   * one of its own for it, if there is one among the places that the new one may have.
   */
  void keep(OpenTicket ticket, long now) {
    if (ticket.sealed().length() > LARGEST) {
      return;
    }
    long hash = hash(ticket.sealed());
    int first = first(hash);
    int place = first;
    Kept least = table.get(first);
    for (int i = first; i < first + PLACES; i++) {
      Kept kept = table.get(i);
      if (kept != null && kept.hash == hash && kept.ticket.sealed().isSameAs(ticket.sealed())) {
        return;
      }
      if (worth(kept) < worth(least)) {
        place = i;
        least = kept;
      }
    }
    AtomicInteger ofClient = enter(ticket.client());
    if (ofClient.get() > quota) {
      leave(ticket.client(), ofClient);
      exchange(first, ticket, hash, now);
      return;
    }
    if (table.compareAndSet(place, least, new Kept(ticket, hash, ofClient, now))) {
      leave(least);
    } else {
      // Somebody else took the place; the next use may find another.
      leave(ticket.client(), ofClient);
    }
  }

  /** Puts a ticket in the place of that of the same client which was used longest ago. */
  private void exchange(int first, OpenTicket mine, long hash, long now) {
    int place = -1;
    Kept oldest = null;
    for (int i = first; i < first + PLACES; i++) {
      Kept kept = table.get(i);
      if (kept != null
          && kept.ticket.client().equals(mine.client())
          && (oldest == null || kept.used < oldest.used)) {
        place = i;
        oldest = kept;
      }
    }
    if (oldest != null) {
      table.compareAndSet(place, oldest, new Kept(mine, hash, oldest.ofClient, now));
    }
  }

  /** Gives up what has ended before a time. */
  void forgetEndedBefore(long time) {
    for (int i = 0; i < table.length(); i++) {
      Kept kept = table.get(i);
      if (kept != null
          && kept.ticket.contents().validity().end() < time
          && table.compareAndSet(i, kept, null)) {
        leave(kept);
      }
    }
  }

  /** How many tickets of a client are kept. */
  int heldBy(PrincipalId client) {
    AtomicInteger count = held.get(client);
    return count == null ? 0 : count.get();
  }

  private static boolean isOf(OpenTicket ticket, ApRequest request) {
    return ticket.sealed().isSameAs(request.ticket().cipher())
        && ticket.key().mayOpen(request.ticket())
        && ticket.key().name().isSameAs(request.service());
  }

  private static long worth(@Nullable Kept kept) {
    return kept == null ? Long.MIN_VALUE : kept.used;
  }

  /**
   * Counts a ticket of a client, if need be beyond the quota, which takes it back: of two at once
   * both may then be. The map lets one at a time change an entry, and so no count in use is lost.
   */
  private AtomicInteger enter(PrincipalId client) {
    return Objects.requireNonNull(
        held.compute(
            client,
            (name, known) -> {
              AtomicInteger count = known == null ? new AtomicInteger() : known;
              count.incrementAndGet();
              return count;
            }));
  }

  private void leave(@Nullable Kept kept) {
    if (kept != null) {
      leave(kept.ticket.client(), kept.ofClient);
    }
  }

  /** Without a look at the map, whose parts no cache of a processor holds, but for the last one. */
  private void leave(PrincipalId client, AtomicInteger ofClient) {
    if (ofClient.decrementAndGet() == 0) {
      held.computeIfPresent(client, (name, count) -> count.get() == 0 ? null : count);
    }
  }

  private int first(long hash) {
    return (int) hash & (table.length() - PLACES);
  }

  /** The end of the MAC, which nobody can choose who has not the service's key. */
  private static long hash(Octets cipher) {
    long hash = 0;
    for (int i = cipher.length() - HASHED; i < cipher.length(); i++) {
      hash = (hash << Byte.SIZE) | cipher.at(i);
    }
    return hash;
  }
}
