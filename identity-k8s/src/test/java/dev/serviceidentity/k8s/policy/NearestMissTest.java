// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static dev.serviceidentity.k8s.TestCluster.namespace;
import static dev.serviceidentity.k8s.TestCluster.pod;
import static dev.serviceidentity.k8s.TestCluster.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A denial names the one policy, rule, peer and port that came closest. There are two of each, so
 * that whatever is chosen at random or by the wrong measure is another one.
 */
class NearestMissTest {
  private static final String NEAR =
      policy(
          "shop/near",
          """
          {ingress: [
            {from: [{podSelector: {matchLabels: {role: web, tier: front}}},
                    {namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {role: job}}}],
             ports: [{port: 8080}, {port: 53, protocol: UDP}]},
            {from: [{ipBlock: {cidr: 192.0.2.0/24}}, {podSelector: {matchLabels: {role: admin, tier: back, zone: x}}}],
             ports: [{port: 9000}]}]}""");
  private static final String FAR =
      policy(
          "shop/far",
          """
          {ingress: [
            {from: [{podSelector: {matchLabels: {a: "1", b: "2", c: "3"}}},
                    {namespaceSelector: {matchLabels: {team: c}}, podSelector: {matchLabels: {d: "4", e: "5"}}}],
             ports: [{port: 7000}, {port: 7001, protocol: SCTP}]},
            {from: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 7002, protocol: UDP}]}]}""");

  private static final String[] CLUSTER = {
    namespace("shop", "team: a"),
    namespace("bank", "team: b"),
    namespace("yard", "team: d"),
    pod("shop/orders", "app: orders", "10.0.0.3"),
    pod("shop/web", "role: web, tier: front", "10.0.0.1"),
    pod("shop/back", "role: web, tier: back", "10.0.0.2"),
    pod("shop/admin", "role: admin, tier: back", "10.0.0.4"),
    pod("shop/abc", "a: \"1\", b: \"2\"", "10.0.0.5"),
    pod("bank/job", "role: job", "10.0.1.1"),
    pod("bank/web", "role: web, tier: front", "10.0.1.2"),
    pod("yard/job", "role: job", "10.0.2.1"),
    pod("yard/de", "d: \"4\", e: \"5\"", "10.0.2.2")
  };

  private static TestCluster cluster(String... policies) {
    String all = String.join("\n---\n", CLUSTER) + "\n---\n" + String.join("\n---\n", policies);
    return TestCluster.of(all);
  }

  /** The reason of the one part, without the verdict. */
  private static String reason(TestCluster cluster, String from, String port) {
    Explanation explanation = cluster.explain(from, "shop/orders", port, Side.INGRESS);
    return explanation.parts().get(0).reason();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
      shop/web | 8081 | `near` admits the caller on TCP 8080; the flow is to TCP 8081
      shop/web | UDP 54 | `near` admits the caller on UDP 53; the flow is to UDP 54
      shop/web | SCTP 53 | `near` admits the caller on TCP 8080; the flow is to SCTP 53
      shop/web | 9000 | `near` admits the caller on TCP 8080; the flow is to TCP 9000
      shop/back | 8080 | `near` admits pods with `role=web,tier=front` of namespace `shop`; the caller has `tier=back`
      shop/back | 8081 | `near` admits pods with `role=web,tier=front` of namespace `shop` on TCP 8080; the caller has `tier=back`, and the flow is to TCP 8081
      shop/admin | 9000 | `near` admits pods with `role=admin,tier=back,zone=x` of namespace `shop`; the caller has no label `zone`
      shop/abc | 7000 | `far` admits pods with `a=1,b=2,c=3` of namespace `shop`; the caller has no label `c`
      shop/abc | SCTP 8080 | `far` admits pods with `a=1,b=2,c=3` of namespace `shop` on SCTP 7001; the caller has no label `c`, and the flow is to SCTP 8080
      bank/web | 8080 | `near` admits pods with `role=job` of namespaces with `team=b`; the caller has `role=web`
      bank/job | 8081 | `near` admits the caller on TCP 8080; the flow is to TCP 8081
      yard/job | 8080 | `near` admits pods with `role=job` of namespaces with `team=b`; the caller is in namespace `yard`, which has `team=d`
      yard/de | 7000 | `far` admits pods with `d=4,e=5` of namespaces with `team=c`; the caller is in namespace `yard`, which has `team=d`
      192.0.2.1 | 9001 | `near` admits the caller on TCP 9000; the flow is to TCP 9001
      192.0.2.1 | UDP 9000 | `near` admits the caller on TCP 9000; the flow is to UDP 9000
      198.51.100.1 | 7002 | `far` admits the caller on UDP 7002; the flow is to TCP 7002
      203.0.113.1 | 9000 | `near` admits addresses in 192.0.2.0/24; the caller's address is 203.0.113.1
      203.0.113.1 | UDP 7002 | `far` admits addresses in 198.51.100.0/24; the caller's address is 203.0.113.1
      """)
  void theNearestRuleOfTheNearestPolicyIsNamed(String from, String port, String sentence) {
    assertThat(reason(cluster(NEAR, FAR), from, port)).isEqualTo(sentence);
    assertThat(reason(cluster(FAR, NEAR), from, port)).isEqualTo(sentence);
  }

  @Test
  void policiesThatAdmitNothingAreNamedWithWhatToAdd() {
    TestCluster closed = cluster(policy("shop/one", "{}"), policy("shop/two", "{}"));

    assertThat(reason(closed, "shop/web", "UDP 53"))
        .isEqualTo(
            "`one` and `two` isolate shop/orders and admit nothing; add a rule that admits shop/web"
                + " on UDP 53");
    assertThat(reason(cluster(policy("shop/one", "{}")), "192.0.2.1", "80"))
        .isEqualTo(
            "`one` isolates shop/orders and admits nothing; add a rule that admits 192.0.2.1 on TCP"
                + " 80");
  }
}
