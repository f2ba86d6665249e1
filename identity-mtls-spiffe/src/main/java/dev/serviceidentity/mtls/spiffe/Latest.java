// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.NOT_READY;

import dev.serviceidentity.identity.IdentityException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest good update of a stream, and what is wrong since then.
 *
 * @param <T> what an update is read as
 */
final class Latest<T> implements UpdateStream.Receiver {
  private static final Logger LOG = System.getLogger(Latest.class.getName());

  private final String what;
  private final Reader<T> reader;
  private final CountDownLatch first = new CountDownLatch(1);
  private final AtomicReference<@Nullable T> good = new AtomicReference<>();
  private final AtomicReference<@Nullable IdentityException> trouble = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> changed = new AtomicReference<>();

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
  Latest(String what, Reader<T> reader) {
    this.what = what;
    this.reader = reader;
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
    IdentityException last = trouble();
    throw new IdentityException(
        last == null ? NOT_READY : last.code(),
        "There was no "
            + what
            + " within "
            + patience
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

  /** What is wrong with the stream, or null. */
  @Nullable IdentityException trouble() {
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
      good.set(reader.read(message, good.get()));
      trouble.set(null);
      first.countDown();
    } catch (IdentityException e) {
      LOG.log(Level.DEBUG, "An update was refused", e);
      trouble.set(e);
    }
    tell();
  }

  @Override
  public void failed(IdentityException why) {
    LOG.log(Level.DEBUG, "There is no stream of " + what, why);
    trouble.set(why);
    tell();
  }

  private void tell() {
    Runnable follower = changed.get();
    if (follower != null) {
      follower.run();
    }
  }
}
