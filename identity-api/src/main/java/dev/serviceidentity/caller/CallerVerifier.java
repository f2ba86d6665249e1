// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Judges the evidence that one mechanism calls its own. Thread-safe; implement it for a mechanism
 * of your own, or as a lambda in a test.
 *
 * <p>Hostile evidence is a {@link Verification.Rejected}, never an exception.
 */
@FunctionalInterface
public interface CallerVerifier {
  /**
   * Judges evidence that this verifier claims. Works in memory: what needs a network answer is
   * {@link Verification.Rejected} as {@link RefusalReason#UNAVAILABLE} here and belongs in {@link
   * #verifyAsync}.
   *
   * @param evidence what the request brought
   * @return exactly one of two: verified, or rejected with the reason
   */
  Verification verify(CallerEvidence evidence);

  /**
   * Judges evidence, asking an authority if it must. The guard calls this one, and gives up after
   * its admission timeout.
   *
   * @param evidence what the request brought
   * @return a stage that is already complete whenever no authority had to be asked
   */
  default CompletionStage<Verification> verifyAsync(CallerEvidence evidence) {
    return CompletableFuture.completedFuture(verify(evidence));
  }

  /**
   * Says whether the evidence holds a credential of this mechanism, true or false. Every claimed
   * piece must verify for the request to be admitted. Cheap: looks, but does not verify.
   *
   * @param evidence what the request brought
   * @return true unless overridden, so that a verifier that does not say is always asked
   */
  default boolean claims(CallerEvidence evidence) {
    return true;
  }

  /**
   * What the evidence holds that looks as if it were for this verifier and counts for nothing, such
   * as a forwarding header from a peer that is not trusted to forward. It decides nothing; access
   * events and refusals for want of credentials tell of it, since it may be an attempt.
   *
   * @param evidence what the request brought
   * @return one line for each, foreign text in it escaped; none unless overridden
   */
  default List<String> ignored(CallerEvidence evidence) {
    return List.of();
  }

  /**
   * The challenges that a refused caller is told (RFC 9110 section 11.6.1).
   *
   * @return values of {@code WWW-Authenticate}, each for a line of its own; none unless overridden
   */
  default List<String> challenges() {
    return List.of();
  }
}
