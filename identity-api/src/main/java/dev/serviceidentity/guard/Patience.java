// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.RefusalReason;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How long one request still waits for answers from elsewhere. Whoever does not answer, in time or
 * at all, gives no answer but a reason; so this is where foreign code fails closed.
 */
final class Patience {
  private static final System.Logger LOG = System.getLogger(Patience.class.getName());

  private final WaitingRoom room;
  private final InetAddress source;
  private final long deadlineNanos;

  /**
   * The patience for one request.
   *
   * @param room bounds how many wait
   * @param source whose budget the wait is charged to
   * @param deadlineNanos by {@link System#nanoTime}
   */
  Patience(WaitingRoom room, InetAddress source, long deadlineNanos) {
    this.room = room;
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
    return limit(answer, Answer.none(RefusalReason.UNAVAILABLE, who + " did not answer in time"))
        .whenComplete((value, error) -> room.leave(source));
  }

  private <T> CompletionStage<Answer<T>> limit(
      CompletableFuture<Answer<T>> answer, Answer<T> late) {
    CompletableFuture<Answer<T>> timeout = new CompletableFuture<>();
    try {
      var timer =
          room.scheduler()
              .schedule(
                  () -> timeout.complete(late),
                  deadlineNanos - System.nanoTime(),
                  TimeUnit.NANOSECONDS);
      return answer
          .applyToEither(timeout, first -> first)
          .whenComplete((first, error) -> timer.cancel(false));
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.completedFuture(late);
    }
  }

  private static <T> Answer<T> failed(String who, Throwable error) {
    LOG.log(Level.WARNING, who + " failed; the request is refused", error);
    return Answer.none(RefusalReason.INTERNAL_ERROR, who + " failed; the log has the details");
  }
}
