// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The thread that changes what is known")
class UpdaterTest {
  private final CompletableFuture<Throwable> told = new CompletableFuture<>();

  @Test
  void tellsThatItHasEndedAlsoWhereItIsNoException() throws Exception {
    var large = new OutOfMemoryError("of a test");
    try (var updater = new Updater(() -> {}, told::complete)) {
      updater.start();
      updater.put(
          () -> {
            throw large;
          });

      assertThat(told.get(30, TimeUnit.SECONDS)).isSameAs(large);
    }
  }

  @Test
  void tellsOfWhatFollowsAChange() throws Exception {
    var deep = new StackOverflowError("of a test");
    try (var updater =
        new Updater(
            () -> {
              throw deep;
            },
            told::complete)) {
      updater.start();

      assertThat(told.get(30, TimeUnit.SECONDS)).isSameAs(deep);
    }
  }

  @Test
  void letsNobodyWaitForItOnceItHasEnded() throws Exception {
    try (var updater =
        new Updater(
            () -> {
              throw new IllegalStateException("of a test");
            },
            told::complete)) {
      updater.start();
      assertThat(told.get(30, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);

      assertThatThrownBy(() -> updater.put(() -> {})).isInstanceOf(InterruptedException.class);
    }
  }
}
