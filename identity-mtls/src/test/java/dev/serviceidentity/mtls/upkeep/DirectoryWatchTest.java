// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A watch goes on, whatever it meets. */
class DirectoryWatchTest {
  private final CountDownLatch readings = new CountDownLatch(4);

  @Test
  void anErrorWhileLookingAtTheTimeDoesNotEndIt() throws Exception {
    try (var watch = watch(onRecord -> {}, DirectoryWatchTest::bug)) {
      assertThat(readings.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anErrorWhileTellingOfAFailureDoesNotEndIt() throws Exception {
    try (var watch = watch(DirectoryWatchTest::absentAndThenABug, () -> {})) {
      assertThat(readings.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anErrorWhileReadingDoesNotEndIt() throws Exception {
    try (var watch = watch(onRecord -> bug(), () -> {})) {
      assertThat(readings.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private DirectoryWatch watch(Consumer<Boolean> reading, Runnable time) {
    return DirectoryWatch.start(
        List.of(),
        new Refreshable() {
          @Override
          public void refresh(boolean onRecord) {
            readings.countDown();
            reading.accept(onRecord);
          }

          @Override
          public void noticeTime() {
            time.run();
          }
        },
        new Random(1));
  }

  private static void bug() {
    throw new IllegalStateException("a bug");
  }

  private static void absentAndThenABug(boolean onRecord) {
    if (onRecord) {
      bug();
    }
    throw new IdentityException(Code.CONFIGURATION, "It is not there; put it there");
  }
}
