// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after some failures in a row: twice as long after each, up to a longest pause,
 * and each time between half of that and all of it, so that many who failed together do not try
 * again together.
 *
 * @param first the pause after one failure
 * @param longest the pause that is not exceeded
 * @param random scatters the pauses
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {
  private static final int MOST_DOUBLINGS = 20;

  /**
   * How long to wait now.
   *
   * @param failures how many there were in a row, at least one
   * @return the pause, another one each time
   */
  public Duration after(int failures) {
    long doubled = first.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
    long millis = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(random.nextLong(millis / 2, millis + 1));
  }
}
