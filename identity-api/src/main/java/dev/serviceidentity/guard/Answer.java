// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.Reason;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What came of a question to somebody else: a value, or the reason why there is none. */
final class Answer<T> {
  private final @Nullable T value;
  private final @Nullable Reason reason;
  private final String detail;

  private Answer(@Nullable T value, @Nullable Reason reason, String detail) {
    this.value = value;
    this.reason = reason;
    this.detail = detail;
  }

  static <T> Answer<T> of(T value) {
    return new Answer<>(Objects.requireNonNull(value, "value"), null, "");
  }

  static <T> Answer<T> none(Reason reason, String detail) {
    return new Answer<>(null, Objects.requireNonNull(reason, "reason"), detail);
  }

  <R> R fold(
      Function<? super T, ? extends R> answered,
      BiFunction<Reason, String, ? extends R> unanswered) {
    return value != null
        ? answered.apply(value)
        : unanswered.apply(Objects.requireNonNull(reason, "reason"), detail);
  }
}
