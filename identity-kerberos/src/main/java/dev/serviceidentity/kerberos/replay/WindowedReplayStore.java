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
import org.jspecify.annotations.Nullable;

/**
 * Authenticators in memory, in slices of time within a window of twice the clock skew. The order in
 * which they arrive is irrelevant, and nothing is locked but one of many parts of one slice.
 */
final class WindowedReplayStore implements ReplayStore {
  /** One client may hold one part of so many. */
  static final int PARTS = 16;

  /** More than the window has slices at any moment, so that none is overwritten while it counts. */
  private static final int RING = 8;

  private static final int SLICES_OF_SKEW = 2;
  private static final int MOST_SERVICES = 1024;

  private final Clock clock;
  private final Instant since;
  private final long skew;
  private final long sliceSeconds;
  private final int capacity;
  private final PairHash hash;
  private final AtomicReferenceArray<@Nullable Slice> slices = new AtomicReferenceArray<>(RING);
  private final ConcurrentHashMap<String, Mask> masks = new ConcurrentHashMap<>();

  /** What the MACs of one service are told apart by from those of another. */
  private record Mask(long high, long low) {}

  WindowedReplayStore(Clock clock, Duration clockSkew, int capacity) {
    if (clockSkew.toSeconds() < 1 || capacity < PARTS) {
      throw new IllegalArgumentException(
          "A replay store has a skew of a second or more and room for "
              + PARTS
              + " authenticators, not "
              + clockSkew
              + " and "
              + capacity);
    }
    this.clock = clock;
    this.since = clock.instant();
    this.skew = clockSkew.toSeconds();
    this.sliceSeconds = (skew + SLICES_OF_SKEW - 1) / SLICES_OF_SKEW;
    this.capacity = capacity;
    this.hash = new PairHash(new SplittableRandom(new SecureRandom().nextLong()));
  }

  @Override
  public Instant since() {
    return since;
  }

  @Override
  public Answer remember(SeenAuthenticator authenticator) {
    long now = Math.floorDiv(clock.millis(), 1000);
    long number = Math.floorDiv(authenticator.sentSeconds(), sliceSeconds);
    long oldest = Math.floorDiv(now - skew, sliceSeconds);
    if (number < oldest || number > Math.floorDiv(now + skew, sliceSeconds)) {
      // Nothing is known of that time: it was judged too slowly, or by another clock.
      return Answer.UNAVAILABLE;
    }
    Slice slice = slice(number, oldest);
    if (slice == null) {
      return Answer.UNAVAILABLE;
    }
    Mask mask = mask(authenticator.service());
    long high = authenticator.tagWord(0) ^ mask.high;
    long low = authenticator.tagWord(1) ^ mask.low;
    String client = authenticator.client();
    return slice.add(high, (high | low) == 0 ? 1 : low, client, room(slice, oldest, client));
  }

  private @Nullable Slice slice(long number, long oldest) {
    int place = (int) Math.floorMod(number, (long) RING);
    Slice found = slices.get(place);
    while (found == null || found.number() < number) {
      var fresh = new Slice(number, hash);
      if (slices.compareAndSet(place, found, fresh)) {
        forgetBefore(oldest);
        return fresh;
      }
      found = slices.get(place);
    }
    return found.number() == number ? found : null;
  }

  private void forgetBefore(long oldest) {
    for (int i = 0; i < RING; i++) {
      Slice slice = slices.get(i);
      if (slice != null && slice.number() < oldest) {
        slices.compareAndSet(i, slice, null);
      }
    }
  }

  private Room room(Slice own, long oldest, String client) {
    int others = 0;
    for (int i = 0; i < RING; i++) {
      Slice slice = slices.get(i);
      if (slice != null && slice != own && slice.number() >= oldest) {
        others += slice.size();
      }
    }
    int ofClient = capacity / PARTS;
    // So few of all clients are far from too many of one: nobody has to be looked up.
    boolean few = others + own.size() < ofClient / 2;
    int othersOfClient = few ? others : heldBeside(own, oldest, client);
    return new Room(ofClient - othersOfClient, capacity - others);
  }

  private int heldBeside(Slice own, long oldest, String client) {
    int held = 0;
    for (int i = 0; i < RING; i++) {
      Slice slice = slices.get(i);
      if (slice != null && slice != own && slice.number() >= oldest) {
        held += slice.sizeOf(client);
      }
    }
    return held;
  }

  private Mask mask(String service) {
    Mask known = masks.get(service);
    if (known != null) {
      return known;
    }
    Mask made = maskOf(service);
    // Services are our own principals; a store that sees more of them computes them each time.
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
