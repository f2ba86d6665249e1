// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Logs who fails: at WARNING once a minute for each of them and at DEBUG otherwise, so that no
 * caller can fill the log by provoking a failure again and again.
 */
final class Complaints {
  private static final System.Logger LOG = System.getLogger(Guard.class.getName());
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final ConcurrentMap<String, Instant> quietUntil = new ConcurrentHashMap<>();
  private final Clock clock;

  Complaints(Clock clock) {
    this.clock = clock;
  }

  /**
   * Complains.
   *
   * @param who one of a few names that do not come from callers
   * @param error what happened, or null if there was no answer where one is due
   */
  void about(String who, @Nullable Throwable error) {
    LOG.log(level(who), who + " failed; the request is refused", error);
  }

  /** Complains of a rule that does not say whether a caller may keep a connection. */
  void aboutConnections(RuntimeException error) {
    String who = "A rule of the allowed callers";
    LOG.log(level(who), who + " failed; open connections stay, requests are refused", error);
  }

  private Level level(String who) {
    Instant now = clock.instant();
    boolean[] due = new boolean[1];
    quietUntil.compute(
        who,
        (name, until) -> {
          due[0] = until == null || !now.isBefore(until);
          return due[0] ? now.plus(QUIET) : until;
        });
    return due[0] ? Level.WARNING : Level.DEBUG;
  }
}
