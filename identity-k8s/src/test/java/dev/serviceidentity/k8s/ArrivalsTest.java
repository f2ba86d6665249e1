// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Waits for what the API does not show yet. */
class ArrivalsTest {
  private final AtomicBoolean shown = new AtomicBoolean();

  private CompletableFuture<Boolean> wait(Arrivals arrivals) {
    return arrivals.await(shown::get).toCompletableFuture();
  }

  @Test
  void endWithTheFirstViewThatShowsIt() throws Exception {
    var arrivals = new Arrivals(Duration.ofMinutes(5));
    CompletableFuture<Boolean> wait = wait(arrivals);
    arrivals.look();
    assertThat(wait).isNotDone();
    shown.set(true);
    arrivals.look();
    assertThat(wait.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(arrivals.size()).isZero();
  }

  @Test
  void endInTimeWhereNothingShowsIt() throws Exception {
    var arrivals = new Arrivals(Duration.ofMillis(10));
    assertThat(wait(arrivals).get(30, TimeUnit.SECONDS)).isFalse();
    assertThat(arrivals.size()).isZero();
  }

  @Test
  void endAtOnceWhereItIsShownBeforeTheyBegin() throws Exception {
    shown.set(true);
    assertThat(wait(new Arrivals(Duration.ofMinutes(5))).get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void endAtOnceWhereNobodyIsToWait() throws Exception {
    assertThat(wait(new Arrivals(Duration.ZERO)).get(30, TimeUnit.SECONDS)).isFalse();
  }
}
