// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.spi.RefusedHandshake;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where refused clients go when nobody else wants to hear of them: to the log, for each reason one
 * line a minute, with the number of those before it that have none. Nobody needs a credential to be
 * refused, so a line for each would be for strangers to write.
 */
final class LoggedRefusals implements Consumer<RefusedHandshake> {
  private static final Logger LOG = System.getLogger(LoggedRefusals.class.getName());
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** By the names of reasons, which are few. */
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  private final Clock clock;

  /** When a line was due last, and how many have none since. */
  private record Told(Instant at, long untold, boolean due, long before) {
    Told next(Instant now) {
      return now.isBefore(at.plus(PAUSE))
          ? new Told(at, untold + 1, false, 0)
          : new Told(now, 0, true, untold);
    }
  }

  LoggedRefusals(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void accept(RefusedHandshake refused) {
    String line = line(refused);
    if (line != null) {
      LOG.log(Level.INFO, line);
    }
  }

  /** Returns null if there is none this time. */
  @Nullable String line(RefusedHandshake refused) {
    Instant now = clock.instant();
    Told line = told.compute(refused.reason().name(), (reason, before) -> next(before, now));
    if (!line.due()) {
      return null;
    }
    return "Refused a TLS client at "
        + refused.source()
        + ": "
        + refused.reason()
        + ", "
        + refused.detail()
        + (line.before() == 0 ? "" : "; and " + line.before() + " for the same reason before it");
  }

  private static Told next(@Nullable Told before, Instant now) {
    return before == null ? new Told(now, 0, true, 0) : before.next(now);
  }
}
