// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.TokenRejection.KEYS_UNAVAILABLE;
import static dev.serviceidentity.k8s.token.TokenRejection.UNKNOWN_KEY;

import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.k8s.budget.Allowance;
import dev.serviceidentity.k8s.budget.Allowance.Share;
import dev.serviceidentity.k8s.budget.CallerBudget;
import dev.serviceidentity.k8s.budget.Payer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Judges by the issuer's keys, in this process. It does not know what has been deleted since. */
final class KeyJudge implements Judge {
  /** A good token stays good until it ends, or the keys change. */
  private static final Duration MEMORY = Duration.ofDays(1);

  private final IssuerKeys keys;
  private final Naming naming;
  private final CallerBudget budget;
  private final Clock clock;

  /** By what a signature costs: a tenth of a millisecond, which is cheap but not for nothing. */
  private static final Allowance STRANGERS =
      new Allowance(
          new Share(200, 400, 64), new Share(400, 800, 128), new Share(2_000, 2_000, 512));

  private static final Allowance KNOWN =
      new Allowance(
          new Share(1_000, 2_000, 64),
          new Share(2_000, 4_000, 512),
          new Share(10_000, 10_000, 1_024));

  static CallerBudget budget(LongSupplier nanos) {
    return new CallerBudget(STRANGERS, KNOWN, new SecureRandom(), nanos);
  }

  KeyJudge(IssuerKeys keys, Naming naming, CallerBudget budget, Clock clock) {
    this.keys = keys;
    this.naming = naming;
    this.budget = budget;
    this.clock = clock;
  }

  @Override
  public Verification judge(ReadToken token) {
    IssuerKeys.Held held = keys.current();
    if (held == null) {
      Trouble why = keys.trouble();
      return Verification.rejected(
          KEYS_UNAVAILABLE, why == null ? "They have not been sent lately" : why.what());
    }
    try {
      held.keys().requireSignature(token);
      return Verification.verified(naming.caller(token.claims(), clock.instant()));
    } catch (RefusedToken e) {
      return e.toVerification();
    }
  }

  @Override
  public CompletionStage<Verification> ask(ReadToken token, Presenter presenter) {
    Payer payer = presenter.payer();
    Verification overloaded =
        Verification.rejected(
            RefusalReason.OVERLOADED, "Too many unknown tokens come from " + payer.address());
    if (!budget.maySpend(payer)) {
      return CompletableFuture.completedFuture(overloaded);
    }
    Verification found = judge(token);
    if (found instanceof Verified) {
      budget.know(payer.address());
    }
    boolean mayBeNewer = found instanceof Rejected rejected && rejected.reason() == UNKNOWN_KEY;
    return mayBeNewer
        ? budget.waitFor(
            payer, () -> keys.refreshForUnknown().thenApply(done -> judge(token)), overloaded)
        : CompletableFuture.completedFuture(found);
  }

  /** None of the findings counts while the keys are too old. */
  @Override
  public long generation() {
    IssuerKeys.Held held = keys.current();
    return held == null ? -1 : held.generation();
  }

  @Override
  public Duration memory() {
    return MEMORY;
  }

  @Override
  public @Nullable Trouble trouble() {
    return keys.trouble();
  }

  @Override
  public void close() {
    keys.close();
  }
}
