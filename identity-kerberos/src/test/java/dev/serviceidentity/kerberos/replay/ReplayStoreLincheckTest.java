// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Authenticators that arrive at the same time are as if they had come one after the other. */
@Isolated("Its threads spin, and take minutes where others have the processors.")
@Param(name = "tag", gen = IntGen.class, conf = "1:3")
@Param(name = "slice", gen = IntGen.class, conf = "0:1")
public class ReplayStoreLincheckTest {
  /** Of each scenario; the profile {@code soak} has more of them. */
  private static final int INVOCATIONS = Integer.getInteger("identity.linearizability", 50);

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final ReplayStore store =
      ReplayStore.inMemory(Clock.fixed(NOON, ZoneOffset.UTC), Duration.ofMinutes(5), 1024);

  @Operation
  public Answer remember(@Param(name = "tag") int tag, @Param(name = "slice") int slice) {
    return store.remember(
        new SeenAuthenticator(
            "HTTP/a@R",
            "alice@R",
            false,
            ByteBuffer.allocate(12).putInt(tag).array(),
            NOON.plusSeconds(slice * 200L).getEpochSecond() * 1_000_000));
  }

  @Test
  void isLinearizable() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(4)
        .check(ReplayStoreLincheckTest.class);
  }
}
