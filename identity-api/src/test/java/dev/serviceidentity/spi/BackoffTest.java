// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Backoff backoff = new Backoff(FIRST, LONGEST, new Random(7));

  @Test
  void pausesDoubleAndStayWithinHalfOfWhatTheyMayBe() {
    for (int failures = 1; failures < 100; failures++) {
      long most = Math.min(100L << Math.min(failures - 1, 20), 10_000);

      assertThat(backoff.after(failures).toMillis()).isBetween(most / 2, most);
    }
  }

  @Test
  void noNumberOfFailuresIsTooLarge() {
    assertThat(backoff.after(Integer.MAX_VALUE)).isBetween(LONGEST.dividedBy(2), LONGEST);
  }

  @Test
  void pausesAreScatteredByTheGivenRandomOnly() {
    Set<Duration> pauses = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      pauses.add(backoff.after(10));
    }

    assertThat(pauses).hasSizeGreaterThan(40);
    assertThat(new Backoff(FIRST, LONGEST, new Random(3)).after(5))
        .isEqualTo(new Backoff(FIRST, LONGEST, new Random(3)).after(5));
  }
}
