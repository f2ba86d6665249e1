// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a test, which runs beside others, has caused in the log. */
public final class LogRecords extends Handler implements AutoCloseable {
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Predicate<LogRecord> mine;

  private LogRecords(String name, Predicate<LogRecord> mine) {
    this.logger = Logger.getLogger(name);
    this.mine = mine;
  }

  public static LogRecords of(String name, Predicate<LogRecord> mine) {
    var records = new LogRecords(name, mine);
    records.setLevel(Level.ALL);
    records.logger.setLevel(Level.FINE);
    records.logger.addHandler(records);
    return records;
  }

  public List<Level> levels() {
    return records.stream().map(LogRecord::getLevel).toList();
  }

  @Override
  public void publish(LogRecord logged) {
    if (mine.test(logged)) {
      records.add(logged);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(null);
  }
}
