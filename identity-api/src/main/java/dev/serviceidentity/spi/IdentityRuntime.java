// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import dev.serviceidentity.identity.MechanismName;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What a mechanism is given by its owner, so that it brings no clock, thread or log of its own.
 *
 * @param clock the only source of the time of day
 * @param scheduler for timers and short work; blocking work does not belong on it
 * @param handshakes hears of callers refused before there was a request; never blocks
 * @param configured all mechanisms of the owner: TLS client authentication is needed if mTLS is the
 *     only one, and wanted otherwise
 * @param openTimeout how long opening may wait for the first credential
 */
public record IdentityRuntime(
    Clock clock,
    ScheduledExecutorService scheduler,
    Consumer<RefusedHandshake> handshakes,
    Set<MechanismName> configured,
    Duration openTimeout) {
  /**
   * Copies the set.
   *
   * @param clock the source of the time of day
   * @param scheduler for timers and short work
   * @param handshakes hears of early refusals
   * @param configured all mechanisms of the owner
   * @param openTimeout the longest wait for the first credential
   */
  public IdentityRuntime {
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(scheduler, "scheduler");
    Objects.requireNonNull(handshakes, "handshakes");
    configured = Set.copyOf(configured);
    Objects.requireNonNull(openTimeout, "openTimeout");
  }
}
