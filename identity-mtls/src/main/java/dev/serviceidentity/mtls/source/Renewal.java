// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static dev.serviceidentity.identity.IdentityException.Code.NOT_READY;
import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.BackgroundThread;
import dev.serviceidentity.spi.Backoff;
import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.CertificateIssuer.Issued;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks an issuer for a certificate, and again when about two thirds of it are over. One attempt
 * follows the other; each uses a new key.
 */
final class Renewal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Renewal.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  /** About two thirds: many who began together do not renew together. */
  private static final double EARLIEST_PART = 0.6;

  private static final double LATEST_PART = 0.73;

  private final CertificateIssuer issuer;
  private final CertificateRequest request;
  private final SourceContext context;
  private final Backoff backoff;
  private final BackgroundThread thread = new BackgroundThread("identity-mtls-renewal");
  private final CountDownLatch decided = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicReference<@Nullable Obtained> lastGood = new AtomicReference<>();
  private final AtomicReference<@Nullable IdentityException> failure = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> changed = new AtomicReference<>();
  private final AtomicReference<@Nullable Future<?>> next = new AtomicReference<>();

  Renewal(CertificateIssuer issuer, CertificateRequest request, SourceContext context) {
    this.issuer = issuer;
    this.request = request;
    this.context = context;
    this.backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, context.random());
  }

  /** A key of this process and the certificate for it. Never printed. */
  static final class Obtained {
    private final KeyPair keys;
    private final Issued issued;

    private Obtained(KeyPair keys, Issued issued) {
      this.keys = keys;
      this.issued = issued;
    }

    KeyPair keys() {
      return keys;
    }

    Issued issued() {
      return issued;
    }
  }

  /**
   * Waits for the first certificate.
   *
   * @throws IdentityException if the issuer says no, or nothing in time
   */
  void start() {
    thread.execute(() -> attempt(0));
    Duration patience = context.runtime().openTimeout();
    try {
      if (!decided.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw late(patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdentityException(
          NOT_READY, "Interrupted while waiting for the certificate for " + request, e);
    }
    IdentityException refused = failure.get();
    if (lastGood.get() == null && refused != null) {
      throw refused;
    }
  }

  /** What was obtained last. */
  Obtained lastGood() {
    Obtained obtained = lastGood.get();
    if (obtained == null) {
      throw new IdentityException(NOT_READY, "There is no certificate for " + request + " yet");
    }
    return obtained;
  }

  /** Why the latest attempt failed, or null. */
  @Nullable IdentityException failure() {
    return failure.get();
  }

  void onChange(Runnable action) {
    changed.set(action);
  }

  @Override
  public void close() {
    closed.set(true);
    Future<?> waiting = next.get();
    if (waiting != null) {
      waiting.cancel(false);
    }
    thread.close();
  }

  private void attempt(int failuresBefore) {
    int failures = failuresBefore + 1;
    Duration pause = backoff.after(failures);
    try {
      pause = obtain();
      failures = 0;
    } catch (InterruptedException e) {
      failed("The issuer was interrupted at the request for " + request, e, failures);
    } catch (IdentityException e) {
      failed(e, failures);
    } catch (RuntimeException e) {
      // An issuer is foreign code: it is asked again all the same.
      failed(
          "The issuer failed for " + request + " by an error of its own; see the cause",
          e,
          failures);
    } finally {
      // Also after an error of the virtual machine, which ends this thread and nothing else.
      again(pause, failures);
    }
    Runnable follower = changed.get();
    if (follower != null) {
      follower.run();
    }
    if (lastGood.get() != null) {
      decided.countDown();
    }
  }

  /** Returns how long the certificate is good for without another one. */
  private Duration obtain() throws InterruptedException {
    KeyPair keys = request.newKeys();
    Issued issued = issuer.issue(request.signedBy(keys), request.lifetime());
    Instant now = context.runtime().clock().instant();
    Duration pause = untilRenewal(check(issued, keys, now), now);
    lastGood.set(new Obtained(keys, issued));
    failure.set(null);
    return pause;
  }

  private void failed(String message, Exception cause, int failures) {
    failed(new IdentityException(AUTHORITY_UNREACHABLE, message, cause), failures);
  }

  private void failed(IdentityException cause, int failures) {
    if (closed.get()) {
      return;
    }
    LOG.log(Level.DEBUG, "No certificate for " + request + ", attempt " + failures, cause);
    failure.set(cause);
    if (cause.code() == REFUSED || cause.code() == CONFIGURATION) {
      decided.countDown();
    }
  }

  private void again(Duration pause, int failures) {
    if (closed.get()) {
      return;
    }
    try {
      next.set(
          context
              .runtime()
              .scheduler()
              .schedule(
                  () -> thread.execute(() -> attempt(failures)),
                  pause.toMillis(),
                  TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      if (!closed.get()) {
        LOG.log(Level.WARNING, "No certificate is renewed any more: the runtime was closed", e);
      }
    }
  }

  /** Counted from now: authorities date back, and what is over already must not count. */
  private Duration untilRenewal(X509Certificate leaf, Instant now) {
    long left = Duration.between(now, leaf.getNotAfter().toInstant()).toMillis();
    double part = context.random().nextDouble(EARLIEST_PART, LATEST_PART);
    // A certificate that is all but over must not make the issuer be asked without a pause.
    return Duration.ofMillis(Math.max((long) (left * part), FIRST_RETRY.toMillis()));
  }

  private X509Certificate check(Issued issued, KeyPair keys, Instant now) {
    if (issued.chain().isEmpty()) {
      throw wrong("answered without certificate");
    }
    X509Certificate leaf = issued.chain().get(0);
    if (!Arrays.equals(leaf.getPublicKey().getEncoded(), keys.getPublic().getEncoded())) {
      throw wrong("answered with a certificate for another key");
    }
    if (!now.isBefore(leaf.getNotAfter().toInstant())) {
      throw wrong(
          "answered with a certificate that ended at "
              + leaf.getNotAfter().toInstant()
              + " (compare its clock with this host's)");
    }
    return leaf;
  }

  private IdentityException wrong(String what) {
    return new IdentityException(
        REFUSED, "The issuer " + what + " to the request for " + request + "; see its log");
  }

  private IdentityException late(Duration patience) {
    IdentityException last = failure.get();
    return new IdentityException(
        last == null ? NOT_READY : last.code(),
        "There was no certificate for "
            + request
            + " within "
            + patience
            + (last == null ? "; is the issuer there?" : ": " + last.getMessage()),
        last);
  }
}
