// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import dev.serviceidentity.testkit.TestClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Quotas hold to the last place while threads fill them, and what leaves the window makes room for
 * all at once.
 */
@Isolated("Its threads spin, and take minutes where others have the processors.")
@Param(name = "client", gen = IntGen.class, conf = "0:2")
@Param(name = "tag", gen = IntGen.class, conf = "0:40")
@Param(name = "second", gen = IntGen.class, conf = "-2:2")
@Param(name = "visits", gen = BooleanGen.class)
public class ReplayStoreQuotaLincheckTest {
  /** Of each scenario; the profile {@code soak} has more of them. */
  private static final int INVOCATIONS = Integer.getInteger("identity.linearizability", 50);

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final TestClock clock = TestClock.at(NOON);

  /** Two for each client, and slices of a second. */
  private final ReplayStore store = ReplayStore.inMemory(clock, Duration.ofSeconds(2), 32);

  @Operation
  public Answer remember(
      @Param(name = "client") int client,
      @Param(name = "visits") boolean visits,
      @Param(name = "tag") int tag,
      @Param(name = "second") int second) {
    return store.remember(
        new SeenAuthenticator(
            "key",
            "client-" + client,
            visits,
            ByteBuffer.allocate(12).putInt(tag).array(),
            NOON.plusSeconds(second).getEpochSecond() * 1_000_000));
  }

  @Operation
  public void aSecondPasses() {
    clock.advance(Duration.ofSeconds(1));
  }

  @Test
  void isLinearizable() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(6)
        .check(ReplayStoreQuotaLincheckTest.class);
  }
}
