// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.replay.ReplayStore.Answer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuotasTest {
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  @Test
  void racingClientsAreGivenTheWholeToTheLastPlaceAndNoMore() {
    for (int round = 0; round < 50; round++) {
      var quotas = new Quotas(1600);
      assertThat(taken(quotas, 8000, false)).isEqualTo(1600);
      assertThat(quotas.clients()).isEqualTo(1600);
    }
  }

  @Test
  void racingVisitorsAreGivenAHalfToTheLastPlaceAndNoMore() {
    for (int round = 0; round < 50; round++) {
      var quotas = new Quotas(1600);
      assertThat(taken(quotas, 8000, true)).isEqualTo(800);
      assertThat(taken(quotas, 8000, false)).isEqualTo(800);
    }
  }

  @Test
  void whatWasGivenBackIsTakenAgain() {
    var quotas = new Quotas(16);
    assertThat(taken(quotas, 8, true)).isEqualTo(8);
    assertThat(taken(quotas, 20, false)).isEqualTo(8);
    quotas.forgetBefore(1);
    quotas.give(16, 8);
    assertThat(quotas.take(SPREAD, true, 0)).isEqualTo(Answer.UNAVAILABLE);
    assertThat(quotas.take(SPREAD, true, 1)).isEqualTo(Answer.FIRST);
    assertThat(quotas.take(SPREAD, true, 1)).isEqualTo(Answer.OVER_QUOTA);
  }

  private static long taken(Quotas quotas, int clients, boolean visits) {
    return LongStream.rangeClosed(1, clients)
        .parallel()
        .filter(client -> quotas.take(client * SPREAD, visits, 0) == Answer.FIRST)
        .count();
  }
}
