// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.util.List;
import java.util.function.Function;

/** What is made of each element of a list, without a stream where there is but one, as usual. */
final class Each {
  private Each() {}

  static <T, R> List<R> of(List<T> all, Function<? super T, ? extends R> made) {
    return all.size() == 1
        ? List.of(made.apply(all.get(0)))
        : List.copyOf(all.stream().map(made).toList());
  }
}
