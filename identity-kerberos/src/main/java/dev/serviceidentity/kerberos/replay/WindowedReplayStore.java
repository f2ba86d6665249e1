// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Authenticators in memory, in slices of time within a window of twice the clock skew. The order in
 * which they arrive is irrelevant, and nothing is locked but one of many parts of one slice.
 *
 * <p>What has left the window is forgotten for good: if the clock goes back, the time whose
 * authenticators were forgotten is not entered again.
 */
final class WindowedReplayStore implements ReplayStore {
  /** More than the window has slices at any moment, so that none is overwritten while it counts. */
  private static final int RING = ClientTable.CELLS;

  private static final int SLICES_OF_SKEW = 2;
  private static final int MOST_SERVICES = 1024;

  private final Clock clock;
  private final Beginning beginning;
  private final long skew;
  private final long sliceSeconds;
  private final Quotas quotas;
  private final PairHash hash;
  private final AtomicReferenceArray<@Nullable Slice> slices = new AtomicReferenceArray<>(RING);
  private final ConcurrentHashMap<String, Mask> masks = new ConcurrentHashMap<>();
  private final ReentrantLock forgetting = new ReentrantLock();

  /** The time before which all is forgotten. It rises before anything is. */
  private volatile Instant horizon = Instant.MIN;

  /** Follows when all of it has been forgotten, so that nobody is refused for want of that room. */
  private volatile long forgotten = Long.MIN_VALUE;

  /** What the MACs of one service are told apart by from those of another. */
  private record Mask(long high, long low) {}

  WindowedReplayStore(Clock clock, Beginning beginning, Duration clockSkew, int capacity) {
    if (clockSkew.toSeconds() < 1 || capacity < Quotas.PARTS) {
      throw new IllegalArgumentException(
          "A replay store has a skew of a second or more and room for "
              + Quotas.PARTS
              + " authenticators, not "
              + clockSkew
              + " and "
              + capacity);
    }
    this.clock = clock;
    this.beginning = beginning;
    this.skew = clockSkew.toSeconds();
    this.sliceSeconds = (skew + SLICES_OF_SKEW - 1) / SLICES_OF_SKEW;
    this.quotas = new Quotas(capacity);
    this.hash = new PairHash(new SplittableRandom(new SecureRandom().nextLong()));
  }

  @Override
  public Instant since() {
    Instant begun = beginning.time();
    Instant remembered = horizon;
    return remembered.isAfter(begun) ? remembered : begun;
  }

  @Override
  public Answer remember(SeenAuthenticator authenticator) {
    long now = Math.floorDiv(clock.millis(), 1000);
    long oldest = Math.floorDiv(now - skew, sliceSeconds);
    if (oldest > forgotten) {
      forgetBefore(oldest);
    }
    long number = Math.floorDiv(authenticator.sentSeconds(), sliceSeconds);
    if (number < forgotten || number > Math.floorDiv(now + skew, sliceSeconds)) {
      // Nothing is known of that time: it was judged too slowly, or by another clock.
      return Answer.UNAVAILABLE;
    }
    Slice slice = slice(number);
    if (slice == null) {
      return Answer.UNAVAILABLE;
    }
    Mask mask = mask(authenticator.service());
    long high = authenticator.tagWord(0) ^ mask.high;
    long low = authenticator.tagWord(1) ^ mask.low;
    long client = hash.of(authenticator.client());
    boolean visits = authenticator.isOfOtherRealm();
    return slice.add(high, (high | low) == 0 ? 1 : low, client, visits);
  }

  /** How many clients are counted by themselves. */
  int clients() {
    return quotas.clients();
  }

  private @Nullable Slice slice(long number) {
    int place = (int) Math.floorMod(number, (long) RING);
    Slice found = slices.get(place);
    while (found == null || found.number() < number) {
      var fresh = new Slice(number, hash, quotas);
      if (slices.compareAndSet(place, found, fresh)) {
        return fresh;
      }
      found = slices.get(place);
    }
    return found.number() == number ? found : null;
  }

  private void forgetBefore(long oldest) {
    forgetting.lock();
    try {
      if (oldest <= forgotten) {
        return;
      }
      // First of all, so that no thread that was held up makes a slice anew and is given room in
      // it.
      horizon = Instant.ofEpochSecond(oldest * sliceSeconds);
      quotas.forgetBefore(oldest);
      for (int i = 0; i < RING; i++) {
        Slice slice = slices.get(i);
        if (slice != null && slice.number() < oldest && slices.compareAndSet(i, slice, null)) {
          slice.forget();
        }
      }
      forgotten = oldest;
    } finally {
      forgetting.unlock();
    }
  }

  private Mask mask(String service) {
    Mask known = masks.get(service);
    if (known != null) {
      return known;
    }
    Mask made = maskOf(service);
    // Services are our own keys; a store that sees more of them computes them each time.
    if (masks.size() < MOST_SERVICES) {
      masks.put(service, made);
    }
    return made;
  }

  private static Mask maskOf(String service) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(service.getBytes(StandardCharsets.UTF_8));
      ByteBuffer words = ByteBuffer.wrap(digest);
      return new Mask(words.getLong(), words.getLong());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
