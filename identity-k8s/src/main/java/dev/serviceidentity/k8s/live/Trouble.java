// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is wrong with a resource that is watched.
 *
 * @param resource such as {@code pods}
 * @param what what is wrong; a missing right is named with its verbs
 * @param denied whether the resource may not be seen at all
 */
public record Trouble(String resource, String what, boolean denied) {
  /**
   * Checks that nothing is missing.
   *
   * @param resource such as {@code pods}
   * @param what what is wrong
   * @param denied whether the resource may not be seen at all
   */
  public Trouble {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(what, "what");
  }

  static Stream<Trouble> of(Holding<?> holding) {
    return holding.trouble().stream()
        .map(
            what ->
                new Trouble(
                    holding.topic().resource().toString(),
                    what,
                    holding.standing() == Holding.Standing.DENIED));
  }
}
