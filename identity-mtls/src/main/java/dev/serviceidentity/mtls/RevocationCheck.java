// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.REVOCATION_UNKNOWN;
import static dev.serviceidentity.mtls.CertificateRejection.REVOKED;

import dev.serviceidentity.spi.DaemonThreads;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether the certificates of a valid path have been revoked. Each is asked about alone, with
 * its issuer as its anchor: one that nobody knows of must not hide that the next one is revoked.
 * The path has been found valid, so what goes wrong now is the asking; the JDK has several reasons
 * for not knowing, without names.
 */
final class RevocationCheck {
  /** Of all questions about one path: the JDK alone would wait for each address by itself. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  /** What is asked beyond its time goes on in the background, within reason. */
  private static final int MOST_AT_ONCE = 64;

  private final Revocation revocation;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);

  /** One certificate of a path. */
  private record Question(X509Certificate certificate, X509Certificate issuer, Instant now) {}

  /** How a path's validation is told where to ask. */
  private interface Way {
    void addTo(PKIXParameters parameters) throws GeneralSecurityException;
  }

  RevocationCheck(Revocation revocation) {
    this.revocation = revocation;
  }

  /**
   * Asks about all of them.
   *
   * @param whole the leaf first, the anchor last
   */
  void check(List<X509Certificate> whole, Instant now) throws RefusedCertificateException {
    var open = new ArrayList<Question>();
    for (int i = whole.size() - 2; i >= 0; i--) {
      var question = new Question(whole.get(i), whole.get(i + 1), now);
      if (!revocation.hasLists() || unanswered(question, revocation::addListsTo) != null) {
        open.add(question);
      }
    }
    if (open.isEmpty()) {
      return;
    }
    if (!revocation.hasNetwork()) {
      unknown("No list says whether it is revoked");
    } else if (room.tryAcquire()) {
      askInTime(open);
    } else {
      unknown("Too many earlier questions have no answer yet");
    }
  }

  private void askInTime(List<Question> open) throws RefusedCertificateException {
    var asking = new FutureTask<@Nullable RefusedCertificateException>(() -> refusal(open));
    start(DaemonThreads.named("identity-mtls-revocation").newThread(() -> askAndLeave(asking)));
    try {
      RefusedCertificateException refusal = asking.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
      if (refusal != null) {
        throw refusal;
      }
    } catch (TimeoutException slow) {
      unknown("There was no answer within " + LONGEST.toSeconds() + " seconds");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      unknown("The wait for an answer was interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("A revocation checker failed", e.getCause());
    }
  }

  private void start(Thread asking) {
    try {
      asking.start();
    } catch (OutOfMemoryError noThread) {
      room.release();
      throw noThread;
    }
  }

  private void askAndLeave(Runnable asking) {
    try {
      asking.run();
    } finally {
      room.release();
    }
  }

  private @Nullable RefusedCertificateException refusal(List<Question> open) {
    try {
      for (Question question : open) {
        String why = unanswered(question, revocation::addNetworkTo);
        if (why != null) {
          unknown(why);
        }
      }
      return null;
    } catch (RefusedCertificateException refused) {
      return refused;
    }
  }

  /** Returns why there is no answer, or null if the certificate is known not to be revoked. */
  private static @Nullable String unanswered(Question question, Way way)
      throws RefusedCertificateException {
    try {
      PKIXParameters parameters = CertificatePath.parameters(question.issuer(), question.now());
      way.addTo(parameters);
      CertificatePath.requireValid(List.of(question.certificate()), parameters);
      return null;
    } catch (CertPathValidatorException e) {
      if (e.getReason() == BasicReason.REVOKED) {
        throw new RefusedCertificateException(REVOKED, CertificatePath.says(e));
      }
      return CertificatePath.says(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The same was done to find the path valid", e);
    }
  }

  private void unknown(String why) throws RefusedCertificateException {
    if (!revocation.isSoft()) {
      throw new RefusedCertificateException(REVOCATION_UNKNOWN, why);
    }
  }
}
