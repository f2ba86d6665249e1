// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.node;
import static dev.serviceidentity.k8s.TestCluster.podWithSpec;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Whose node has an address (statement 16)")
class UncertainNodeTest {
  private static final String[] SHOP = {
    namespace("shop", ""),
    policy("shop/closed", "{podSelector: {}, policyTypes: [Ingress]}"),
    podWithSpec("shop/db", "app: db", "nodeName: n1", "10.1.0.1"),
    podWithSpec("shop/db2", "app: db", "nodeName: n2", "10.1.0.2"),
    podWithSpec("shop/db3", "app: db", "nodeName: n3", "10.1.0.3"),
    node("n1", "10.0.0.7")
  };

  private static Verdict fromTheNode(String to, String... more) {
    String[] all = new String[SHOP.length + more.length];
    System.arraycopy(SHOP, 0, all, 0, SHOP.length);
    System.arraycopy(more, 0, all, SHOP.length, more.length);
    return TestCluster.of(all).ingress("10.0.0.7", to, 80);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"shop/db, ALLOWED", "shop/db2, DENIED"})
  void isCertainWhereOneNodeClaimsIt(String to, Verdict verdict) {
    assertThat(fromTheNode(to)).isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"shop/db, UNDECIDABLE", "shop/db2, UNDECIDABLE", "shop/db3, DENIED"})
  void isOpenBetweenTwoThatClaimIt(String to, Verdict verdict) {
    assertThat(fromTheNode(to, node("n2", "10.0.0.7"))).isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"shop/db, UNDECIDABLE", "shop/db2, UNDECIDABLE"})
  void isOpenWhereOneMoreClaimsItThatIsNotKnown(String to, Verdict verdict) {
    assertThat(fromTheNode(to, node("n2", "10.0.0.7"), node("n2", "10.0.0.8"))).isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"shop/db, ALLOWED", "shop/db2, DENIED"})
  void isCertainWhereAPodOnItsNetworkDoesNotNameIt(String to, Verdict verdict) {
    String agent = podWithSpec("shop/agent", "", "hostNetwork: true", "10.0.0.7");

    assertThat(fromTheNode(to, agent)).isEqualTo(verdict);
  }
}
