// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A stale policy")
class StalePolicyTest {
  private static final Duration JUST_FRESH = Duration.ofMillis(29_999);
  private static final Duration JUST_STALE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(330);
  private final StalePolicy policy = StalePolicy.serveStaleFor(Duration.ofMinutes(5));

  @Test
  void callsAViewStaleFromThirtySecondsOn() {
    assertThat(policy.isStale(Duration.ZERO)).isFalse();
    assertThat(policy.isStale(JUST_FRESH)).isFalse();
    assertThat(policy.isStale(JUST_STALE)).isTrue();
  }

  @Test
  void servesAStaleViewUntilItsLimit() {
    assertThat(policy.serves(JUST_STALE)).isTrue();
    assertThat(policy.serves(LIMIT.minusNanos(1))).isTrue();
    assertThat(policy.serves(LIMIT)).isFalse();
    assertThat(policy.serves(Duration.ofSeconds(Long.MAX_VALUE))).isFalse();
  }

  @Test
  void servesNoStaleViewWhenItFailsClosed() {
    assertThat(StalePolicy.failClosed().serves(JUST_FRESH)).isTrue();
    assertThat(StalePolicy.failClosed().serves(JUST_STALE)).isFalse();
  }

  @Test
  void isNeverNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StalePolicy.serveStaleFor(Duration.ofNanos(-1)));
  }

  @Test
  void countsTheAgeOfAViewFromItsLastProof() {
    Instant proven = Instant.parse("2026-01-01T00:00:00Z");
    var stamp = new ViewStamp("42", 1, proven);
    assertThat(stamp.ageAt(proven.plusSeconds(7))).isEqualTo(Duration.ofSeconds(7));
    assertThat(stamp.ageAt(proven)).isZero();
    assertThat(stamp.ageAt(proven.minusSeconds(7))).isZero();
  }

  @Test
  void neverCallsAViewOfFilesStale() {
    var stamp = new ViewStamp("files", 1, Instant.MAX);
    assertThat(stamp.ageAt(Instant.parse("2126-01-01T00:00:00Z"))).isZero();
  }

  @Test
  void servesNoViewThatWasNeverProven() {
    var stamp = new ViewStamp("none", 0, Instant.MIN);
    assertThat(policy.serves(stamp.ageAt(Instant.parse("2026-01-01T00:00:00Z")))).isFalse();
  }
}
