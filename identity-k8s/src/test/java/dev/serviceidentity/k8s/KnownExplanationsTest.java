// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KnownExplanationsTest {
  private final AtomicInteger made = new AtomicInteger();
  private final KnownExplanations explanations = new KnownExplanations(this::explain);

  @Test
  void aFlowIsExplainedOnceHoweverOftenItIsAskedAbout() {
    Explanation first = explanations.of(to(8080));
    assertThat(explanations.of(to(8080))).isSameAs(first);
    assertThat(made).hasValue(1);
  }

  @Test
  void eachFlowHasItsOwnExplanation() {
    assertThat(explanations.of(to(8080)).summary()).isEqualTo(to(8080).toString());
    assertThat(explanations.of(to(8081)).summary()).isEqualTo(to(8081).toString());
  }

  @Test
  void moreFlowsThanAreKeptAreExplainedAllTheSame() {
    for (int port = 1; port <= 2 * KnownExplanations.MOST; port++) {
      assertThat(explanations.of(to(port)).summary()).isEqualTo(to(port).toString());
    }
    assertThat(explanations.of(to(1)).summary()).isEqualTo(to(1).toString());
    assertThat(made).hasValue(2 * KnownExplanations.MOST + 1);
  }

  private Explanation explain(Flow flow) {
    made.incrementAndGet();
    return new Explanation(flow.toString(), List.of(), List.of());
  }

  private static Flow to(int port) {
    return new Flow(
        FlowEnd.pod("shop", "web-0"),
        FlowEnd.pod("shop", "orders-0"),
        port,
        Protocol.TCP,
        Side.INGRESS);
  }
}
