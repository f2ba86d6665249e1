// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Judges by keys that do not change. */
record FixedKeys(KeySet keys, Naming naming, Clock clock) implements Judge {
  static final Set<String> AUDIENCES = Set.of("orders", "orders.shop");

  static FixedKeys of(String jwks, Clock clock) {
    try {
      return new FixedKeys(KeySet.parse(jwks), new ServiceAccountNaming("id.shop.example"), clock);
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  TokenCallers callers() {
    return new TokenCallers(expected(), this, clock, () -> false);
  }

  static Expectations expected() {
    return new Expectations(
        TestIssuer.URL, AUDIENCES, Algorithms.USUAL, Duration.ofHours(1), Duration.ofMinutes(1));
  }

  @Override
  public Verification judge(ReadToken token) {
    try {
      keys.requireSignature(token);
      return Verification.verified(naming.caller(token.claims(), clock.instant()));
    } catch (RefusedToken e) {
      return e.toVerification();
    }
  }

  @Override
  public CompletionStage<Verification> ask(ReadToken token, Presenter presenter) {
    return CompletableFuture.completedFuture(
        Verification.rejected(RefusalReason.UNAVAILABLE, "Nobody is asked"));
  }

  @Override
  public long generation() {
    return 1;
  }

  @Override
  public Duration memory() {
    return Duration.ofMinutes(1);
  }

  @Override
  public @Nullable Trouble trouble() {
    return null;
  }

  @Override
  public void close() {}
}
