// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import java.nio.file.Path;

/**
 * Where access events go. Called on the audit thread only, one event at a time, so it may block; a
 * request is never made to wait for it. What it throws is counted and shown in health.
 */
@FunctionalInterface
public interface AuditSink extends AutoCloseable {
  /**
   * Takes one event.
   *
   * @param event the event
   * @throws java.io.UncheckedIOException if it could not be kept
   */
  void accept(AccessEvent event);

  /** Writes out what is buffered, after the last event. Does nothing unless overridden. */
  @Override
  default void close() {}

  /**
   * Events as lines of the logger {@code dev.serviceidentity.audit}: refusals and what a
   * report-only layer let pass at INFO, other admissions at DEBUG.
   *
   * @return the sink
   */
  static AuditSink systemLogger() {
    return new SystemLoggerSink();
  }

  /**
   * Events as JSON lines, appended to a file and handed to the operating system one by one. A line
   * that was left incomplete by a crash or a full disk is ended before the next one.
   *
   * @param file created with permissions for its owner only if it does not exist
   * @return the sink
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CONFIGURATION} if the
   *     file cannot be opened
   */
  static AuditSink jsonLines(Path file) {
    return JsonLinesSink.open(file);
  }

  /**
   * Both sinks, the first one first. If the first one fails, the second one still gets the event.
   *
   * @param next the other sink
   * @return the sink
   */
  default AuditSink and(AuditSink next) {
    return new PairedSink(this, next);
  }
}
