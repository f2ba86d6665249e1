// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What one thread logs of networks while this is open: tests run beside each other. */
final class LogLines extends Handler implements AutoCloseable {
  /** Held, because a logger that nobody holds may lose its handlers. */
  private final Logger logger = Logger.getLogger(KubernetesNetwork.class.getName());

  private final Thread thread = Thread.currentThread();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogLines() {}

  static LogLines open() {
    var lines = new LogLines();
    lines.logger.addHandler(lines);
    return lines;
  }

  List<String> all() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord logged) {
    if (Thread.currentThread().equals(thread)) {
      lines.add(logged.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
