// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.NOT_READY;

import dev.serviceidentity.identity.IdentityException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest good update of a stream, and what is wrong since then.
 *
 * @param <T> what an update is read as
 */
final class Latest<T extends Latest.Update> implements Receiver {
  private static final Logger LOG = System.getLogger(Latest.class.getName());

  private final String what;
  private final Reader<T> reader;
  private final Clock clock;
  private final CountDownLatch first = new CountDownLatch(1);
  private final AtomicReference<@Nullable T> good = new AtomicReference<>();
  private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> changed = new AtomicReference<>();

  /** A good update, of which a part may still be that of an earlier one. */
  interface Update {
    /** Why it is, or null. */
    @Nullable IdentityException trouble();
  }

  /**
   * What is wrong.
   *
   * @param cause the latest trouble
   * @param since when it began, perhaps by another cause
   */
  record Trouble(IdentityException cause, Instant since) {}

  /** Makes sense of a message. */
  @FunctionalInterface
  interface Reader<T> {
    /**
     * Reads a message.
     *
     * @param earlier the newest good update until now
     * @throws IdentityException if nothing in it can be used
     */
    T read(byte[] message, @Nullable T earlier);
  }

  /**
   * Nothing yet.
   *
   * @param what is in an update, for messages
   */
  Latest(String what, Reader<T> reader, Clock clock) {
    this.what = what;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Waits for the first good update.
   *
   * @throws IdentityException if there is none in time, saying what was wrong
   */
  T await(Duration patience) {
    try {
      if (first.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return good();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdentityException(NOT_READY, "Interrupted while waiting for " + what, e);
    }
    Trouble known = trouble.get();
    IdentityException last = known == null ? null : known.cause();
    throw new IdentityException(
        last == null ? NOT_READY : last.code(),
        "There was no "
            + what
            + " within "
            + length(patience)
            + (last == null
                ? ": the agent has taken the connection and says nothing; see its log"
                : ": " + last.getMessage()),
        last);
  }

  T good() {
    T newest = good.get();
    if (newest == null) {
      throw new IdentityException(NOT_READY, "There is no " + what + " yet");
    }
    return newest;
  }

  /** What is wrong, or null. */
  @Nullable Trouble trouble() {
    return trouble.get();
  }

  /** Calls it after each update and failure, and once now, in case there was one before. */
  void onChange(Runnable action) {
    changed.set(action);
    action.run();
  }

  @Override
  public void received(byte[] message) {
    try {
      T update = reader.read(message, good.get());
      // In this order: whoever sees what is new hears of no trouble that is over.
      note(update.trouble());
      good.set(update);
      first.countDown();
    } catch (IdentityException e) {
      note(e);
    }
    tell();
  }

  @Override
  public void failed(IdentityException why) {
    note(good.get() == null ? why : again(why));
    tell();
  }

  /** Once something is in use, nobody has to begin again; before, opening fails. */
  private static IdentityException again(IdentityException why) {
    return new IdentityException(
        why.code(), why.getMessage() + " (it is asked again by itself)", why);
  }

  private static String length(Duration time) {
    return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /** On the thread of the agent, like all that happens here. */
  private void note(@Nullable IdentityException cause) {
    if (cause == null) {
      trouble.set(null);
      return;
    }
    LOG.log(Level.DEBUG, "Trouble with " + what, cause);
    Trouble before = trouble.get();
    trouble.set(new Trouble(cause, before == null ? clock.instant() : before.since()));
  }

  private void tell() {
    Runnable follower = changed.get();
    if (follower != null) {
      follower.run();
    }
  }
}
