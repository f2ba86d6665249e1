// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.RefusalReason;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long one request still waits for answers from elsewhere. Whoever does not answer, in time or
 * at all, gives no answer but a reason; so this is where foreign code fails closed.
 */
final class Patience {
  private final WaitingRoom room;
  private final Complaints complaints;
  private final InetAddress source;
  private final long deadlineNanos;

  /**
   * The patience for one request.
   *
   * @param room bounds how many wait
   * @param complaints hears of who fails
   * @param source whose budget the wait is charged to
   * @param deadlineNanos by {@link System#nanoTime}
   */
  Patience(WaitingRoom room, Complaints complaints, InetAddress source, long deadlineNanos) {
    this.room = room;
    this.complaints = complaints;
    this.source = source;
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * Asks, and waits if the answer is not there at once.
   *
   * @param who names the one that is asked
   * @param question asks; what it throws is logged and becomes {@code INTERNAL_ERROR}
   * @return a stage that always completes in time, and never exceptionally
   */
  <T> CompletionStage<Answer<T>> await(String who, Supplier<CompletionStage<T>> question) {
    CompletableFuture<Answer<T>> answer =
        CompletableFuture.completedFuture(who)
            .thenCompose(name -> question.get())
            .handle((value, error) -> value != null ? Answer.of(value) : failed(who, error));
    if (answer.isDone()) {
      return answer;
    }
    if (!room.enter(source)) {
      return CompletableFuture.completedFuture(
          Answer.none(RefusalReason.OVERLOADED, "too many requests of this source wait"));
    }
    return room.await(answer, deadlineNanos, reason -> ended(who, reason))
        .whenComplete((value, error) -> room.leave(source));
  }

  private static <T> Answer<T> ended(String who, RefusalReason reason) {
    return Answer.none(
        reason,
        reason == RefusalReason.CLOSED
            ? "the identity was closed before " + who + " answered"
            : who + " did not answer in time");
  }

  private <T> Answer<T> failed(String who, @Nullable Throwable error) {
    complaints.about(who, error);
    return Answer.none(RefusalReason.INTERNAL_ERROR, who + " failed; the log has the details");
  }
}
