// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this thread logs below a name, while others log there, too. */
final class Warnings extends Handler implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final Logger logger;

  Warnings(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(this);
  }

  String text() {
    return String.join("\n", messages);
  }

  @Override
  public void publish(LogRecord logged) {
    if (Thread.currentThread().equals(thread)) {
      messages.add(logged.getMessage());
    }
  }

  @Override
  public void flush() {
    // Nothing is held back.
  }

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
