// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.budget.Bill;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The look-up of one caller whom the view in force does not know: first by what the identity says,
 * then by the address; whoever is not found so may be a pod so new that the API does not show it
 * yet, and is waited for. No step holds a thread.
 */
record LookUp(LiveView source, PrincipalId principal, IpAddress address, Bill bill) {
  private static final String TOO_MUCH =
      "who has this address is not looked up now: its source, or those of its kind, have been asked"
          + " about too often in the last seconds, or the API server does not answer";

  private static final String TOO_LATE =
      "who has this address is not known: the API server has not answered in time";

  /** Whoever asks has mostly given up by then; what is found later serves the next request. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final CompletionStage<Boolean> ASKED = CompletableFuture.completedStage(true);
  private static final CompletionStage<Boolean> NOT_ASKED = CompletableFuture.completedStage(false);

  /** What is found of the caller, whose identity may stand for a service account. */
  CompletionStage<Resolution> find(Optional<ServiceAccountName> account) {
    return bill.budget()
        .waitFor(
            bill.payer(),
            () ->
                inTime(
                    account
                        .map(each -> source.watchPodsOf(each, bill))
                        .orElse(NOT_ASKED)
                        .thenCompose(this::byAddress)
                        .toCompletableFuture()),
            new Resolution.Unknown(TOO_MUCH));
  }

  /** What follows is others' work, and not for the thread of the timers. */
  private static CompletionStage<Resolution> inTime(CompletableFuture<Resolution> found) {
    return found.isDone()
        ? found
        : found
            .completeOnTimeout(
                new Resolution.Unknown(TOO_LATE), LONGEST.toSeconds(), TimeUnit.SECONDS)
            .thenApplyAsync(each -> each);
  }

  private Resolution known() {
    return source.view().resolve(principal, address);
  }

  private boolean isKnown() {
    return !(known() instanceof Resolution.Unknown);
  }

  private CompletionStage<Resolution> byAddress(boolean isFollowed) {
    return isKnown()
        ? CompletableFuture.completedStage(result(true))
        : source.watchOwnersOf(address, bill).thenCompose(asked -> found(isFollowed, asked));
  }

  /**
   * Of a pod that is being deleted the address says something only just after it was asked about.
   */
  private CompletionStage<Resolution> found(boolean isFollowed, boolean asked) {
    Resolution found = asked ? source.view().resolveAsked(principal, address) : known();
    return found instanceof Resolution.Unknown
        ? arrival(isFollowed, isFollowed || asked).thenApply(this::result)
        : CompletableFuture.completedStage(paid(found));
  }

  /**
   * Returns whether anything was asked that could have helped. Nobody waits for what has not been
   * asked about.
   */
  private CompletionStage<Boolean> arrival(boolean isFollowed, boolean asked) {
    if (!asked) {
      return NOT_ASKED;
    }
    // Of whom no name says whose pods to watch no event comes: the address is asked about again.
    return source
        .await(this::isKnown)
        .thenCompose(arrived -> arrived || isFollowed ? ASKED : source.watchOwnersOf(address, bill))
        .thenApply(again -> true);
  }

  private Resolution result(boolean asked) {
    Resolution result = known();
    return result instanceof Resolution.Unknown && !asked
        ? new Resolution.Unknown(TOO_MUCH)
        : paid(result);
  }

  private Resolution paid(Resolution result) {
    if (result instanceof Resolution.One || result instanceof Resolution.Candidates) {
      bill.budget().know(address);
    }
    return result;
  }
}
