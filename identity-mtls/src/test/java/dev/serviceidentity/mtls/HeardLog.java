// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears the warnings of one class; of those, what names the test's own files. */
final class HeardLog extends Handler implements AutoCloseable {
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final Logger logger;
  private final String about;

  /**
   * Begins to listen.
   *
   * @param about text by which a message of this test differs from those of tests beside it
   */
  HeardLog(Class<?> who, String about) {
    this.logger = Logger.getLogger(who.getName());
    this.about = about;
    logger.addHandler(this);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void publish(LogRecord record) {
    String message = record.getMessage();
    if (record.getLevel().equals(Level.WARNING) && message.contains(about)) {
      warnings.add(message);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
