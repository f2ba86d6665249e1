// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The whole and the half for other realms are given out to the last place, and tables grow. */
@Isolated("Its threads spin, and take minutes where others have the processors.")
@Param(name = "client", gen = IntGen.class, conf = "1:40")
@Param(name = "visits", gen = BooleanGen.class)
@Param(name = "slice", gen = IntGen.class, conf = "0:2")
public class QuotasLincheckTest {
  /** Of each scenario; the profile {@code soak} has more of them. */
  private static final int INVOCATIONS = Integer.getInteger("identity.linearizability", 50);

  /** One for each client, eight for all of other realms. */
  private final Quotas quotas = new Quotas(16);

  public QuotasLincheckTest() {
    for (int client = 0; client < 12; client++) {
      quotas.take(1000 + client, client % 2 == 0, 2);
    }
  }

  @Operation
  public Answer take(
      @Param(name = "client") int client,
      @Param(name = "visits") boolean visits,
      @Param(name = "slice") int slice) {
    return quotas.take(client, visits, slice);
  }

  @Test
  void isLinearizable() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(4)
        .check(QuotasLincheckTest.class);
  }
}
