// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Verification by keys that are there, without an issuer around it. In the verifier's package,
 * where that is within reach.
 */
public final class BareTokens {
  private BareTokens() {}

  /**
   * A verifier.
   *
   * @param issuer whose tokens
   * @param audience for whom
   * @param jwks the issuer's keys
   * @param memory for how long a token is remembered
   * @return verifies as a service would
   * @throws ParseException if the keys are no keys
   */
  public static CallerVerifier verifier(
      String issuer, String audience, String jwks, Duration memory) throws ParseException {
    var expected =
        new Expectations(
            issuer, Set.of(audience), Algorithms.USUAL, Duration.ofDays(1), Duration.ZERO);
    var judge = new Keys(KeySet.parse(jwks), new ServiceAccountNaming("id"), memory);
    return new TokenCallers(expected, judge, Clock.systemUTC(), () -> false);
  }

  private record Keys(KeySet keys, Naming naming, Duration memory) implements Judge {
    @Override
    public Verification judge(ReadToken token) {
      try {
        keys.requireSignature(token);
        return Verification.verified(naming.caller(token.claims(), Clock.systemUTC().instant()));
      } catch (RefusedToken e) {
        return e.toVerification();
      }
    }

    @Override
    public CompletionStage<Verification> ask(ReadToken token, Presenter presenter) {
      return CompletableFuture.completedFuture(judge(token));
    }

    @Override
    public long generation() {
      return 1;
    }

    @Override
    public @Nullable Trouble trouble() {
      return null;
    }

    @Override
    public void close() {}
  }
}
