// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A stream of updates that is begun again whenever it ends, for ever, with growing pauses. All of
 * it happens on the thread of the agent.
 */
final class UpdateStream {
  /** An agent answers at once; one that does not is stuck, and another connection may not be. */
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(30);

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private final Agent agent;
  private final ApiMethod method;
  private final Duration firstAnswer;
  private final Backoff backoff;
  private final Receiver receiver;

  private final Alarm alarm;

  /** Asks nothing yet. */
  UpdateStream(
      Agent agent, ApiMethod method, Duration firstAnswer, Backoff backoff, Receiver receiver) {
    this.agent = agent;
    this.method = method;
    this.firstAnswer = firstAnswer;
    this.backoff = backoff;
    this.receiver = receiver;
    this.alarm = new Alarm(agent);
  }

  /** Asks for updates from now on, until the agent is closed. */
  static void start(Agent agent, ApiMethod method, RandomGenerator random, Receiver receiver) {
    var backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, random);
    new UpdateStream(agent, method, FIRST_ANSWER, backoff, receiver).start();
  }

  void start() {
    agent.execute(() -> attempt(0));
  }

  private void attempt(int failuresBefore) {
    var exchange = new Exchange(agent, method, new Attempt(failuresBefore));
    alarm.set(firstAnswer, () -> exchange.cancel("there was no answer within " + firstAnswer));
    exchange.begin(new byte[0]);
  }

  /** One stream from its beginning to its end. */
  private final class Attempt implements Exchange.Answers {
    private int failuresBefore;

    Attempt(int failuresBefore) {
      this.failuresBefore = failuresBefore;
    }

    @Override
    public void message(byte[] bytes) {
      failuresBefore = 0;
      alarm.stop();
      receiver.received(bytes);
    }

    @Override
    public void ended(IdentityException why) {
      alarm.stop();
      if (!agent.isClosed()) {
        receiver.failed(why);
        int failures = failuresBefore + 1;
        alarm.set(backoff.after(failures), () -> attempt(failures));
      }
    }
  }
}
