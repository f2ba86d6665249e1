// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Explanation.Finding;
import dev.serviceidentity.network.Explanation.Part;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of the values of the network,")
class NetworkValuesTest {
  private static final Workload WEB =
      new Workload(
          ServiceAccountName.parse("shop/web"), new Pod("web-1", "", ""), Map.of(), Map.of());

  /** It does not know which trust domains are its own. */
  @Test
  void aResolverThatSaysNothingElseKnowsNoServiceAccountOfAnybody() {
    WorkloadResolver resolver = (caller, source) -> new WorkloadResolver.Resolution.External();

    assertThat(
            resolver.serviceAccountOf(
                PrincipalId.parse("mtls:spiffe://partner.example/ns/shop/sa/web")))
        .isEmpty();
  }

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
  void anExplanationIsRenderedWithAHeadingForEachEndAndALineForEachFinding() {
    var denied = new Finding("shop/default-deny", Says.DOES_NOT_ADMIT, "it has no rules");
    var other = new Finding("shop/other", Says.NOT_APPLICABLE, "it selects app=other");
    var explanation =
        new Explanation(
            "shop/web → shop/orders is denied",
            List.of(
                new Part(
                    Side.INGRESS,
                    "shop/orders",
                    Verdict.DENIED,
                    "admits nobody",
                    List.of(other, denied)),
                new Part(
                    Side.EGRESS, "shop/web", Verdict.ALLOWED, "nothing stops it", List.of(other))),
            List.of());

    assertThat(explanation.render())
        .isEqualTo(
            """
            shop/web → shop/orders is denied
              ingress of shop/orders: DENIED — admits nobody
                shop/default-deny: does not admit — it has no rules
                1 policy does not apply: shop/other
              egress of shop/web: ALLOWED — nothing stops it
                1 policy does not apply: shop/other\
            """);
    assertThat(explanation.findings()).containsExactly(other, denied, other);
    assertThat(explanation.obstacle()).isEqualTo("ingress of shop/orders: DENIED — admits nobody");
  }

  @Test
  void manyPoliciesThatDoNotApplyAreCounted() {
    List<Finding> others =
        IntStream.rangeClosed(1, 7)
            .mapToObj(i -> new Finding("a/p" + i, Says.NOT_APPLICABLE, "it selects others"))
            .toList();
    var part = new Part(Side.INGRESS, "a/x", Verdict.ALLOWED, "nothing stops it", others);

    assertThat(new Explanation("allowed", List.of(part), List.of()).render())
        .endsWith("    7 policies do not apply: a/p1, a/p2, a/p3, a/p4, a/p5 and 2 more");
  }

  @Test
  void aSourceAddressIsJudgedByItsSocket() throws Exception {
    InetAddress address = InetAddress.getByName("10.1.0.5");
    assertThat(SourceAddress.ofSocket(address))
        .isEqualTo(new SourceAddress(address, address, SourceAddress.Basis.SOCKET));
  }
}
