// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one method of a {@link FakeServiceIdentity} answers: first each {@link #once} in order, then
 * the latest {@link #on} that matches, then {@link #always}. Thread-safe.
 *
 * <pre>{@code
 * orders.whenAdmitting()
 *     .once(refused(Layer.IDENTITY, RefusalReason.UNAVAILABLE, "the KDC is down"))
 *     .on(request -> request.path().startsWith("/admin"),
 *         refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "web is no administrator"))
 *     .always(admitted(web));
 * }</pre>
 *
 * @param <I> what the method is asked
 * @param <O> what it answers
 */
public final class Script<I, O> {
  private record Line<I, O>(Predicate<? super I> matcher, O answer) {}

  private final Queue<O> once = new ConcurrentLinkedQueue<>();
  private final List<Line<I, O>> matching = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable O> always = new AtomicReference<>();

  Script() {}

  /**
   * Answers one call, after those that were given so before.
   *
   * @param answer the answer
   * @return this
   */
  public Script<I, O> once(O answer) {
    once.add(Objects.requireNonNull(answer, "answer"));
    return this;
  }

  /**
   * Answers every call that matches.
   *
   * @param matcher looks at what is asked
   * @param answer the answer
   * @return this
   */
  public Script<I, O> on(Predicate<? super I> matcher, O answer) {
    matching.add(
        0,
        new Line<>(
            Objects.requireNonNull(matcher, "matcher"), Objects.requireNonNull(answer, "answer")));
    return this;
  }

  /**
   * Answers every call that nothing else answers, in place of an earlier such answer.
   *
   * @param answer the answer
   * @return this
   */
  public Script<I, O> always(O answer) {
    always.set(Objects.requireNonNull(answer, "answer"));
    return this;
  }

  /** The answer; empty if nothing was scripted for this. */
  Optional<O> answer(I question) {
    O next = once.poll();
    if (next != null) {
      return Optional.of(next);
    }
    return matching.stream()
        .filter(line -> line.matcher().test(question))
        .map(Line::answer)
        .findFirst()
        .or(() -> Optional.ofNullable(always.get()));
  }
}
