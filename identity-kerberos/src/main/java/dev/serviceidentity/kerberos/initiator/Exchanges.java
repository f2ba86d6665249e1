// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.DaemonThreads;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Speaks with KDCs on a few threads of its own, so that whoever waits for an answer can stop
 * waiting without ending the exchange for others. The threads exist while there is work.
 * Thread-safe.
 */
final class Exchanges {
  /**
   * Whose KDCs are spoken with: slow ones of other realms stop nothing of the own one. The threads
   * of one are no more than what MIT's KDC lets wait to be accepted, which is five: a connection
   * beyond is dropped by its kernel and takes a second.
   */
  enum Lane {
    /** The KDCs of the own realm, or whatever realms they refer to. */
    OWN_REALM(4),
    /** Services whose names say another realm. */
    OTHER_REALMS(2);

    private final int threads;

    Lane(int threads) {
      this.threads = threads;
    }
  }

  private static final int ROOM = 1024;
  private static final int IDLE_SECONDS = 30;

  private final Map<Lane, ThreadPoolExecutor> pools = new EnumMap<>(Lane.class);
  private final Duration patience;

  /**
   * No thread before there is work.
   *
   * @param name of the threads
   * @param patience how long one may wait for an answer
   */
  Exchanges(String name, Duration patience) {
    this.patience = patience;
    for (Lane lane : Lane.values()) {
      pools.put(lane, pool(name, lane.threads));
    }
  }

  private static ThreadPoolExecutor pool(String name, int threads) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(ROOM),
            DaemonThreads.named(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Begins an exchange.
   *
   * @param lane whose threads it may take
   * @return its end; has failed already if there is no room for it or this was stopped
   */
  <T> CompletableFuture<T> begin(Lane lane, Supplier<T> exchange) {
    ThreadPoolExecutor pool = Objects.requireNonNull(pools.get(lane));
    try {
      return CompletableFuture.supplyAsync(exchange, pool);
    } catch (RejectedExecutionException refused) {
      return CompletableFuture.failedFuture(
          pool.isShutdown()
              ? closed()
              : new IdentityException(
                  Code.NOT_READY,
                  "More than "
                      + ROOM
                      + " exchanges wait for the KDC: it is slow, or very many services are"
                      + " called that were not called before. Try again, and look at the KDC."));
    }
  }

  /**
   * Waits for the end of an exchange, but not for ever.
   *
   * @param what does not happen, as the beginning of a sentence
   * @throws IdentityException with what went wrong, or with code {@code NOT_READY} if it is not
   *     known in time
   */
  <T> T await(CompletableFuture<T> exchange, String what) {
    try {
      return exchange.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw notReady(what + " within " + patience, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw notReady(what + " before this thread was interrupted", interrupted);
    } catch (ExecutionException failed) {
      Throwable cause = cause(failed);
      if (cause instanceof IdentityException known) {
        // Anew for each who waits, with a stack of their own.
        throw new IdentityException(known.code(), String.valueOf(known.getMessage()), known);
      }
      throw new IllegalStateException(what, cause);
    }
  }

  /** Interrupts what is under way and begins nothing more. */
  void stop() {
    pools.values().forEach(ThreadPoolExecutor::shutdownNow);
  }

  static IdentityException closed() {
    return new IdentityException(
        Code.CLOSED, "The Kerberos identity was closed meanwhile; open a new one");
  }

  /** What went wrong, without what the JDK has wrapped around it. */
  static Throwable cause(Throwable failure) {
    boolean isWrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    Throwable cause = failure.getCause();
    return isWrapped && cause != null ? cause(cause) : failure;
  }

  private static IdentityException notReady(String what, Exception cause) {
    return new IdentityException(
        Code.NOT_READY,
        what
            + ". Check the addresses of its KDCs, in the krb5.conf or KerberosConfig, and the"
            + " network policies towards port 88; kdc_timeout says how long each of them may"
            + " take.",
        cause);
  }
}
