// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Reads the log of access events, which all services of this JVM share. */
final class ToldOperator extends Handler {
  private static final Logger EVENTS = Logger.getLogger("dev.serviceidentity.audit");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  ToldOperator() {
    EVENTS.addHandler(this);
  }

  List<String> lines() {
    return lines;
  }

  boolean wasTold(String line) {
    return lines.contains(line);
  }

  @Override
  public void publish(LogRecord event) {
    Walk.eachLine(new SimpleFormatter().formatMessage(event)).forEach(lines::add);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    EVENTS.removeHandler(this);
  }
}
