// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Reason.Kind;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.k8s.budget.Payer;
import dev.serviceidentity.spi.Sha256;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says whose token a request brings. What was found a short while ago is remembered; a token that
 * says something wrong costs a reading; only one that says all that it must is judged.
 */
final class TokenCallers implements CallerVerifier {
  private static final String AUTHORIZATION = "Authorization";
  private static final String SCHEME = "Bearer ";

  private final Expectations expected;
  private final Judge judge;
  private final KnownTokens known = new KnownTokens();
  private final Clock clock;
  private final BooleanSupplier closed;

  TokenCallers(Expectations expected, Judge judge, Clock clock, BooleanSupplier closed) {
    this.expected = expected;
    this.judge = judge;
    this.clock = clock;
    this.closed = closed;
  }

  /** A token on its way, or what is wrong with it already. */
  private record Presented(
      String hash, Instant now, long generation, @Nullable ReadToken token, Verification found) {}

  @Override
  public boolean claims(CallerEvidence evidence) {
    return evidence.header(AUTHORIZATION).stream()
        .anyMatch(line -> isBearer(line) && expected.isOfIssuer(token(line)));
  }

  /** Says for whom a token must be (RFC 6750 section 3). */
  @Override
  public List<String> challenges() {
    String audience = expected.audiences().iterator().next();
    return List.of("Bearer realm=\"" + audience.replaceAll("[\"\\\\]", "\\\\$0") + "\"");
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    Presented presented = read(evidence);
    return presented.token() == null
        ? presented.found()
        : remembered(presented, judge.judge(presented.token()));
  }

  @Override
  public CompletionStage<Verification> verifyAsync(CallerEvidence evidence) {
    Presented presented = read(evidence);
    return presented.token() == null
        ? CompletableFuture.completedFuture(presented.found())
        : judge
            .ask(presented.token(), presenter(presented, evidence))
            .thenApply(found -> remembered(presented, found));
  }

  private Presenter presenter(Presented presented, CallerEvidence evidence) {
    return new Presenter(
        Payer.of(evidence.source().getAddress()),
        known.provenBefore(presented.hash(), presented.now()));
  }

  private Presented read(CallerEvidence evidence) {
    if (closed.getAsBoolean()) {
      return done(
          Verification.rejected(RefusalReason.CLOSED, "This identity of tokens was closed"));
    }
    List<String> lines = evidence.header(AUTHORIZATION);
    if (lines.size() > 1) {
      return done(
          Verification.rejected(
              RefusalReason.AMBIGUOUS_CREDENTIALS, lines.size() + " Authorization field lines"));
    }
    if (lines.isEmpty() || !isBearer(lines.get(0))) {
      return done(Verification.rejected(RefusalReason.NO_CREDENTIALS, "There is no bearer token"));
    }
    return read(token(lines.get(0)));
  }

  private Presented read(String text) {
    Instant now = clock.instant();
    long generation = judge.generation();
    try {
      RefusedToken.require(
          text.length() <= ReadToken.MOST_CHARACTERS,
          TokenRejection.TOKEN_TOO_LARGE,
          "The token has " + text.length() + " characters");
      String hash = Sha256.hex(text.getBytes(UTF_8));
      Caller caller = known.find(hash, now, generation);
      if (caller != null) {
        return done(Verification.verified(caller));
      }
      ReadToken token = expected.read(text, now);
      return new Presented(hash, now, generation, token, nothing());
    } catch (RefusedToken e) {
      return done(e.toVerification());
    }
  }

  private Verification remembered(Presented presented, Verification found) {
    if (!(found instanceof Verified verified)) {
      if (found instanceof Rejected rejected && rejected.reason().kind() != Kind.UNDECIDED) {
        known.forget(presented.hash());
      }
      return found;
    }
    Caller caller = verified.caller().fingerprint(presented.hash());
    known.add(
        presented.hash(), caller, presented.now().plus(judge.memory()), presented.generation());
    return Verification.verified(caller);
  }

  private static Presented done(Verification found) {
    return new Presented("", Instant.MIN, 0, null, found);
  }

  private static Verification nothing() {
    return Verification.rejected(RefusalReason.UNAVAILABLE, "The token has not been judged");
  }

  /** The name of a scheme is in any letter case (RFC 9110 section 11.1). */
  private static boolean isBearer(String line) {
    return line.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static String token(String line) {
    return line.substring(SCHEME.length()).strip();
  }
}
