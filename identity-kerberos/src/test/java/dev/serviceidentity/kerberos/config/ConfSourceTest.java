// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfSourceTest {
  @TempDir private Path directory;

  @Test
  void whatIsUnknownIsAWarningAndWhatChangesNothingIsInformation() throws IOException {
    assertThat(levelsOf("madeup = 1")).containsExactly(Level.WARNING);
    assertThat(levelsOf("forwardable = true")).containsExactly(Level.INFO);
  }

  private List<Level> levelsOf(String setting) throws IOException {
    Path conf =
        Files.writeString(directory.resolve("krb5.conf"), "[libdefaults]\n" + setting + "\n");
    Queue<LogRecord> said = new ConcurrentLinkedQueue<>();
    Handler handler = handler(said);
    Logger logger = Logger.getLogger(ConfSource.class.getName());
    logger.addHandler(handler);
    try {
      ConfSource.of(conf).config();
    } finally {
      logger.removeHandler(handler);
    }
    return said.stream()
        .filter(record -> List.of(record.getParameters()).toString().contains(conf.toString()))
        .map(LogRecord::getLevel)
        .toList();
  }

  private static Handler handler(Queue<LogRecord> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        said.add(record);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
