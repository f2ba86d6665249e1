// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the program end in good order at Ctrl-C, whatever it is doing: the JVM waits, for a while,
 * until the shop is closed and its temporary keys are deleted.
 */
final class Serving implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final Thread program = Thread.currentThread();
  private final Thread ending = new Thread(this::end, "shop-end");
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private Serving() {}

  static Serving start() {
    var serving = new Serving();
    Runtime.getRuntime().addShutdownHook(serving.ending);
    return serving;
  }

  /** Waits for Ctrl-C. */
  void untilAsked() throws InterruptedException {
    asked.await();
  }

  /** Everything else is closed now. */
  @Override
  public void close() {
    closed.countDown();
    if (asked.getCount() > 0) {
      Runtime.getRuntime().removeShutdownHook(ending);
    }
  }

  private void end() {
    asked.countDown();
    program.interrupt();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("samples/run: the shop did not close in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
