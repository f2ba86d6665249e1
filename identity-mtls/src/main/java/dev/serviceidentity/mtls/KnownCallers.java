// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates have been verified under one generation of trust, in the handshake or at a
 * request. Verification costs as much as thousands of look-ups, so nobody may push the others out:
 * when there is no room, the trust domain that has the most certificates here loses some: those of
 * whoever in it has many, or else of all of it, half of them.
 */
final class KnownCallers {
  static final int MOST = 4096;

  /** So many make it worth while to look for one among all. */
  private static final int LARGE_SHARE = MOST / 64;

  private static final Duration ONE_DAY = Duration.ofDays(1);

  private record Generation(long number, Map<X509Certificate, Known> byLeaf) {}

  private record Known(Caller caller, Instant until) {}

  private final Duration longest;
  private volatile Generation latest = new Generation(0, Map.of());

  /** Keeps callers until what refuses them may have changed. */
  static KnownCallers under(@Nullable Revocation revocation) {
    return new KnownCallers(revocation == null ? ONE_DAY : Revocation.GOOD_FOR);
  }

  /** An empty one, for callers who shall not displace those in this one. */
  KnownCallers another() {
    return new KnownCallers(longest);
  }

  private KnownCallers(Duration longest) {
    this.longest = longest;
  }

  /** Who has this certificate, or null if it has to be verified. */
  @Nullable Caller find(X509Certificate leaf, long generation, Instant now) {
    Generation current = latest;
    Known known = current.number() == generation ? current.byLeaf().get(leaf) : null;
    return known != null && now.isBefore(known.until()) ? known.caller() : null;
  }

  /** Returns the caller whom a chain's verification has found, known from now on. */
  Caller learn(X509Certificate leaf, VerifiedPeer peer, long generation, Instant now) {
    Map<X509Certificate, Known> byLeaf = of(generation);
    Known before = byLeaf.get(leaf);
    String fingerprint =
        before == null ? Fingerprint.of(leaf) : before.caller().fingerprint().orElse(null);
    Caller caller = Caller.of(peer.principal(), now, peer.expiresAt());
    Caller found = fingerprint == null ? caller : caller.fingerprint(fingerprint);
    Instant limit = now.plus(longest);
    Instant until = limit.isBefore(peer.expiresAt()) ? limit : peer.expiresAt();
    if (before == null && byLeaf.size() >= MOST) {
      makeRoom(byLeaf, now);
    }
    byLeaf.put(leaf, new Known(found, until));
    return found;
  }

  /** What a slow handshake of an earlier generation learns is forgotten at once. */
  private Map<X509Certificate, Known> of(long number) {
    Generation current = latest;
    if (current.number() < number) {
      current = new Generation(number, new ConcurrentHashMap<>());
      latest = current;
    }
    return current.number() == number ? current.byLeaf() : new ConcurrentHashMap<>();
  }

  private static void makeRoom(Map<X509Certificate, Known> byLeaf, Instant now) {
    byLeaf.values().removeIf(known -> !now.isBefore(known.until()));
    if (byLeaf.size() < MOST) {
      return;
    }
    List<PrincipalId> principals =
        byLeaf.values().stream().map(known -> known.caller().principal()).toList();
    String domain = greatest(principals.stream().map(PrincipalId::domain)).getKey();
    Map.Entry<PrincipalId, Long> most =
        greatest(principals.stream().filter(one -> one.domain().equals(domain)));
    if (most.getValue() >= LARGE_SHARE) {
      halve(byLeaf.values(), one -> one.equals(most.getKey()));
    } else {
      halve(byLeaf.values(), one -> one.domain().equals(domain));
    }
  }

  private static <T> Map.Entry<T, Long> greatest(Stream<T> all) {
    return all.collect(groupingBy(one -> one, counting())).entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .orElseThrow();
  }

  /** Every second one, wherever it is. */
  private static void halve(Collection<Known> all, Predicate<PrincipalId> theirs) {
    boolean goes = false;
    Iterator<Known> each = all.iterator();
    while (each.hasNext()) {
      if (theirs.test(each.next().caller().principal())) {
        goes = !goes;
        if (goes) {
          each.remove();
        }
      }
    }
  }
}
