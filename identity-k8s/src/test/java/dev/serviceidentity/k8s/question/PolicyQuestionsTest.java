// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestSet;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.Test;

class PolicyQuestionsTest {
  private final Manifests manifests =
      ManifestSet.empty(Loopback.IGNORED)
          .apply("a namespace", TestCluster.namespace("a", ""))
          .apply("a pod", TestCluster.pod("a/x", "app: x", "10.0.0.1"))
          .apply("a pod", TestCluster.pod("a/z", "app: z", "10.0.0.2"))
          .apply("a policy", TestCluster.policy("a/p", "{podSelector: {matchLabels: {app: x}}}"))
          .manifests();

  private Answer ask(String from, String to, Side side) {
    try (KubernetesNetwork network = KubernetesNetwork.fromManifests(manifests).open()) {
      Inventory inventory = Inventory.of(manifests);
      PolicyQuestions questions =
          new PolicyQuestions(network, Directory.of(inventory, manifests.report()));
      Answer answer =
          questions.ask(
              new Question(
                  Reference.parse(from), Reference.parse(to), PortNumber.parse("443"), side));
      // Explained by the view that answered, also once that is closed.
      network.close();
      return answer;
    }
  }

  @Test
  void anAnswerIsExplainedByTheViewThatGaveIt() {
    Answer answer = ask("a/z", "a/x", Side.BOTH);

    assertThat(answer.verdict()).isEqualTo(Verdict.DENIED);
    assertThat(answer.why().get().render()).contains("is denied").contains("`p` isolates");
  }

  @Test
  void thePoliciesOfTheSideThatIsNamedAreAsked() {
    assertThat(ask("a/z", "a/x", Side.EGRESS).verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(ask("external", "a/x", Side.INGRESS).verdict()).isEqualTo(Verdict.DENIED);
  }

  @Test
  void fromOutsideToOutsideIsNoQuestion() {
    assertThatThrownBy(() -> ask("external", "external", Side.BOTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one end must be in the cluster");
  }

  @Test
  void aReferenceIsAPodAWorkloadAnAddressOrTheWorldOutside() {
    assertThat(Reference.parse("a/x")).isEqualTo(new Reference.Named("a", "x"));
    assertThat(Reference.parse("a/Deployment/x"))
        .isEqualTo(new Reference.OfKind("a", "Deployment", "x"))
        .hasToString("a/Deployment/x");
    assertThat(Reference.parse("::1"))
        .isEqualTo(new Reference.Address(IpAddress.parse("::1")))
        .hasToString("::1");
    assertThat(Reference.parse("external")).hasToString("external");
    assertThatThrownBy(() -> Reference.parse("web")).hasMessageContaining("'web' names nothing");
    assertThatThrownBy(() -> Reference.parse("a/")).hasMessageContaining("names nothing");
  }

  @Test
  void aPortIsTcpUnlessSaidOtherwise() {
    assertThat(PortNumber.parse("8080")).isEqualTo(new PortNumber(8080, Protocol.TCP));
    assertThat(PortNumber.parse("53/udp")).isEqualTo(new PortNumber(53, Protocol.UDP));
    assertThatThrownBy(() -> PortNumber.parse("0")).hasMessageContaining("1 to 65535");
    assertThatThrownBy(() -> new PortNumber(65536, Protocol.TCP)).hasMessageContaining("65536");
    assertThatThrownBy(() -> PortNumber.parse("1/ICMP")).hasMessageContaining("ICMP");
    assertThatThrownBy(() -> PortNumber.parse("http")).hasMessageContaining("is no port");
  }

  @Test
  void anAddressIsTheSameForTheJdk() {
    for (String text : new String[] {"10.0.0.1", "255.255.255.255", "2001:db8::1", "::1"}) {
      var address = IpAddress.parse(text);
      assertThat(IpAddress.of(address.toInetAddress())).isEqualTo(address);
    }
  }
}
