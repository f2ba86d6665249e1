// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is closed when the next thing does not open, and what the threads and hashes are. */
class OpeningTest {
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void whatWasOpenedStaysOpenWhenTheRestSucceeds() {
    String made = Opening.orClose(closed::incrementAndGet, () -> "made");

    assertThat(made).isEqualTo("made");
    assertThat(closed).hasValue(0);
  }

  @Test
  void whatWasOpenedIsClosedWhenTheRestFailsHowever() {
    assertThatThrownBy(
            () ->
                Opening.orClose(
                    closed::incrementAndGet,
                    () -> {
                      throw new StackOverflowError("too deep");
                    }))
        .hasMessage("too deep");

    assertThat(closed).hasValue(1);
  }

  @Test
  void aFailureToCloseDoesNotHideWhyTheRestFailed() {
    assertThatThrownBy(
            () ->
                Opening.orClose(
                    () -> {
                      throw new IllegalStateException("does not close");
                    },
                    () -> {
                      throw new IllegalArgumentException("does not open");
                    }))
        .hasMessage("does not open")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("does not close"));
  }

  @Test
  void daemonThreadsHaveTheirName() {
    Thread thread = DaemonThreads.named("identity-example").newThread(closed::incrementAndGet);

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("identity-example");
  }

  /** FIPS 180-4: the first example of the standard's own vectors. */
  @Test
  void theHashIsTheStandards() {
    assertThat(Sha256.hex(new byte[] {'a', 'b', 'c'}))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
