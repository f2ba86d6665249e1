// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.Backoff;
import java.time.Duration;

/**
 * A token of this service's own that is asked for again in time, so that it is known who this is.
 * All of it happens on the thread of the agent.
 */
final class RenewedToken {
  /** Agents keep tokens too, and may give one that is about to end. */
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  private final Agent agent;
  private final JwtSvidReader reader;
  private final Backoff backoff;
  private final Latest<JwtSvid> latest;
  private final Alarm alarm;

  /** Asks nothing yet. */
  RenewedToken(Agent agent, JwtSvidReader reader, Backoff backoff, Latest<JwtSvid> latest) {
    this.agent = agent;
    this.reader = reader;
    this.backoff = backoff;
    this.latest = latest;
    this.alarm = new Alarm(agent);
  }

  void start() {
    agent.execute(() -> attempt(0));
  }

  private void attempt(int failuresBefore) {
    agent.ask(
        ApiMethod.JWT_SVID,
        reader.request(),
        new Receiver() {
          @Override
          public void received(byte[] message) {
            latest.received(message);
            again(latest.trouble() == null ? 0 : failuresBefore + 1);
          }

          @Override
          public void failed(IdentityException why) {
            if (!agent.isClosed()) {
              latest.failed(why);
              again(failuresBefore + 1);
            }
          }
        });
  }

  private void again(int failures) {
    Duration pause = failures == 0 ? untilRenewal(latest.good()) : backoff.after(failures);
    alarm.set(pause, () -> attempt(failures));
  }

  private static Duration untilRenewal(JwtSvid token) {
    Duration pause = Duration.between(token.obtainedAt(), token.renewAt());
    return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
  }
}
