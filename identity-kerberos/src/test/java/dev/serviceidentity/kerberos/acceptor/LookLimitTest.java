// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookLimitTest {
  private static final long NOON = 1_772_366_400_000L;

  private final LookLimit limit = new LookLimit();

  @Test
  void aFloodOfTokensMakesUsLookOnceASecond() {
    assertThat(looks(NOON, 60_000, false)).hasSizeLessThanOrEqualTo(65).hasSizeGreaterThan(60);
  }

  @Test
  void theFirstLooksThatFindNothingFollowEachOtherQuickly() {
    assertThat(looks(NOON, 1600, false)).containsExactly(0L, 50L, 150L, 350L, 750L, 1550L);
  }

  @Test
  void whereKeysAreFoundTheNextLookMayFollowAtOnce() {
    looks(NOON, 60_000, false);
    assertThat(looks(NOON + 61_000, 300, true)).containsExactly(0L, 50L, 100L, 150L, 200L, 250L);
  }

  @Test
  void afterAQuietTimeItBeginsAnew() {
    looks(NOON, 60_000, false);
    assertThat(looks(NOON + 75_000, 400, false)).containsExactly(0L, 50L, 150L, 350L);
  }

  @Test
  void aClockThatIsSetBackDoesNotEndIt() {
    looks(NOON, 60_000, false);
    assertThat(limit.permits(NOON - 3_600_000)).isTrue();
  }

  /** When it looks if a token comes each millisecond. */
  private List<Long> looks(long begin, long millis, boolean found) {
    var looks = new ArrayList<Long>();
    for (long after = 0; after < millis; after++) {
      if (limit.permits(begin + after)) {
        limit.looked(begin + after, found);
        looks.add(after);
      }
    }
    return looks;
  }
}
