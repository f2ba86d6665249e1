// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.FakeMechanism;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.StalePolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A guard")
class GuardTest {
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final InMemorySink sink = new InMemorySink(10);

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  @Test
  void refusesWhatItCannotRecordAndCountsIt() {
    var rules =
        new Rules(
            AllowedCallers.matching(caller -> true),
            AllowedCallers.nobody(),
            new FakeNetwork(),
            Side.INGRESS,
            false,
            Enforcement.enforce(),
            StalePolicy.failClosed());
    var surroundings =
        new Guard.Surroundings(new SetClock(), scheduler, Duration.ofSeconds(60), sink, false);
    try (var guard =
        new Guard(
            Map.of(MechanismName.KERBEROS, FakeMechanism.kerberos()),
            rules,
            surroundings,
            () -> {
              throw new IllegalStateException("nobody knows who this is");
            })) {
      CompletableFuture<AccessDecision> stage =
          guard.admit(by(WEB_BY_KERBEROS), AccessRule.usual()).toCompletableFuture();
      assertThat(stage).isCompleted();
      AccessDecision decision = stage.join();
      House.refused(decision, Layer.NETWORK, RefusalReason.INTERNAL_ERROR);
      assertThat(decision.reply()).isNotEmpty();
      assertThat(guard.auditHealth().detail()).contains("1 lost");
    }
    assertThat(sink.events()).isEmpty();
  }
}
