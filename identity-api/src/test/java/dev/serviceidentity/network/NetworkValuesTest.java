// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Explanation.Finding;
import dev.serviceidentity.network.Explanation.Says;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.Workload.Pod;
import dev.serviceidentity.network.WorkloadResolver.Resolution.Candidates;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of the values of the network,")
class NetworkValuesTest {
  private static final Workload WEB =
      new Workload(
          ServiceAccountName.parse("shop/web"), new Pod("web-1", "", ""), Map.of(), Map.of());

  @Test
  void aFlowHasAPortOfTcp() throws Exception {
    FlowEnd end = FlowEnd.of(InetAddress.getByName("10.1.0.5"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Flow(end, end, 0, Protocol.TCP, Side.BOTH));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Flow(end, end, 65536, Protocol.TCP, Side.BOTH));
    assertThat(new Flow(end, FlowEnd.of(WEB), 65535, Protocol.TCP, Side.BOTH))
        .hasToString("10.1.0.5 → shop/web-1:65535/TCP");
  }

  @Test
  void onlyTheVerdictAllowedPermits() {
    var stamp = new ViewStamp("1", 1, Instant.MAX);
    for (Verdict verdict : Verdict.values()) {
      var decision =
          PolicyDecision.of(verdict, flow -> new Explanation("", List.of(), List.of()), stamp);
      assertThat(decision.permits()).isEqualTo(verdict == Verdict.ALLOWED);
    }
  }

  @Test
  void candidatesAreTwoOrMore() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Candidates(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new Candidates(List.of(WEB)));
    assertThat(new Candidates(List.of(WEB, WEB)).workloads()).hasSize(2);
  }

  @Test
  void aWorkloadDoesNotChangeWithTheLabelsItWasMadeOf() {
    Map<String, String> labels = new HashMap<>(Map.of("app", "web"));
    var workload = new Workload(WEB.serviceAccount(), WEB.pod(), labels, labels);
    labels.clear();
    assertThat(workload.labels()).containsEntry("app", "web");
    assertThat(workload.displayName()).isEqualTo("shop/web-1");
  }

  @Test
  void anExplanationIsRenderedAsASummaryWithALineForEachFinding() {
    var explanation =
        new Explanation(
            "shop/orders admits nobody from shop/web",
            List.of(
                new Finding("shop/default-deny", Says.DOES_NOT_ADMIT, "it has no rules"),
                new Finding("shop/other", Says.NOT_APPLICABLE, "it selects app=other")),
            List.of());
    assertThat(explanation.render())
        .isEqualTo(
            """
            shop/orders admits nobody from shop/web
              shop/default-deny: does not admit — it has no rules
              shop/other: not applicable — it selects app=other""");
  }

  @Test
  void aSourceAddressIsJudgedByItsSocket() throws Exception {
    InetAddress address = InetAddress.getByName("10.1.0.5");
    assertThat(SourceAddress.ofSocket(address))
        .isEqualTo(new SourceAddress(address, address, SourceAddress.Basis.SOCKET));
  }
}
