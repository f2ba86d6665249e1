// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were found good a short while ago, by their hash. Bounded in all and for each
 * principal, so that whoever can make many tokens forgets its own only. Finding takes no lock.
 * Thread-safe.
 */
final class KnownTokens {
  private static final int MOST = 8_192;
  private static final int MOST_PER_PRINCIPAL = 1_024;

  /**
   * What was found.
   *
   * @param caller who has the token
   * @param until when it is to be asked again, at the token's end at the latest
   * @param generation of the keys that it was found by
   */
  private record Finding(Caller caller, Instant until, long generation) {}

  private final Map<String, Finding> byHash = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PrincipalId, Deque<String>> byPrincipal = new HashMap<>();

  /** Who had a token when it was judged last, be it some time ago; until it ends. */
  @Nullable PrincipalId provenBefore(String hash, Instant now) {
    Finding finding = byHash.get(hash);
    return finding != null && now.isBefore(finding.caller.expiresAt())
        ? finding.caller.principal()
        : null;
  }

  /** Forgets a token that was found to be no good any more. */
  void forget(String hash) {
    lock.lock();
    try {
      Finding finding = byHash.remove(hash);
      if (finding != null) {
        drop(finding.caller.principal(), hash);
      }
    } finally {
      lock.unlock();
    }
  }

  private void drop(PrincipalId principal, String hash) {
    Deque<String> own = byPrincipal.get(principal);
    if (own != null && own.remove(hash) && own.isEmpty()) {
      byPrincipal.remove(principal);
    }
  }

  /** Who has a token, if that was found a short while ago by the keys of this generation. */
  @Nullable Caller find(String hash, Instant now, long generation) {
    Finding finding = byHash.get(hash);
    return finding != null && now.isBefore(finding.until) && finding.generation == generation
        ? finding.caller
        : null;
  }

  void add(String hash, Caller caller, Instant until, long generation) {
    Instant end = until.isBefore(caller.expiresAt()) ? until : caller.expiresAt();
    lock.lock();
    try {
      Finding before = byHash.put(hash, new Finding(caller, end, generation));
      if (before != null) {
        return;
      }
      Deque<String> own =
          byPrincipal.computeIfAbsent(caller.principal(), each -> new ArrayDeque<>());
      own.addLast(hash);
      if (own.size() > MOST_PER_PRINCIPAL) {
        byHash.remove(own.removeFirst());
      } else if (byHash.size() > MOST) {
        forgetOneOfTheMost();
      }
    } finally {
      lock.unlock();
    }
  }

  private void forgetOneOfTheMost() {
    byPrincipal.entrySet().stream()
        .max((one, other) -> Integer.compare(one.getValue().size(), other.getValue().size()))
        .ifPresent(
            most -> {
              byHash.remove(most.getValue().removeFirst());
              if (most.getValue().isEmpty()) {
                byPrincipal.remove(most.getKey());
              }
            });
  }

  int size() {
    return byHash.size();
  }
}
