// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One fault is one error, at the field where it is: what follows from it is not advice. */
class OneFaultOnceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [y]}]}}] | from[0].podSelector.matchExpressions[0].values[0] | must be text
      from: [{podSelector: {matchExpressions: [{key: a, operator: In, value: [x]}]}}]  | from[0].podSelector.matchExpressions[0].value | is no field
      from: [{podSelector: {matchExpressions: [{kee: a, operator: Exists}]}}]          | from[0].podSelector.matchExpressions[0].kee   | is no field
      from: [{podSelector: {matchExpressions: [{key: a, operatr: Exists}]}}]           | from[0].podSelector.matchExpressions[0].operatr | is no field
      from: [{podSelector: {matchExpressions: [{key: 7, operator: Exists}]}}]          | from[0].podSelector.matchExpressions[0].key   | must be text
      from: [{podSelector: {matchExpressions: [{key: a, operator: 7}]}}]               | from[0].podSelector.matchExpressions[0].operator | must be text
      from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: b}]}}]   | from[0].podSelector.matchExpressions[0].values | must be a list
      from: [{podSelektor: {}}]                    | from[0].podSelektor           | is no field
      from: [{ipBlock: {cdir: 10.0.0.0/8}}]        | from[0].ipBlock.cdir          | is no field
      from: [{ipBlock: {cidr: 10}}]                | from[0].ipBlock.cidr          | must be text
      from: [{ipBlock: {cidr: 10.0.0.0/8, except: [7]}}] | from[0].ipBlock.except[0] | must be text
      from: [{ipBlock: {cidr: 10.0.0.0/99, except: [10.0.0.0/9]}}] | from[0].ipBlock.cidr | prefix length
      from: [{ipBlock: 7}]                         | from[0].ipBlock               | must be a mapping
      ports: [{prt: 80}]                           | ports[0].prt                  | is no field
      ports: [{port: http_x, endPort: 7}]          | ports[0].endPort              | by number
      ports: [{prt: 80, endPort: 90}]              | ports[0].prt                  | is no field
      """)
  void inANetworkPolicy(String rule, String field, String message) {
    assertOneError(
        TestCluster.policy("shop/p", "{ingress: [{" + rule + "}]}"),
        "spec.ingress[0]." + field,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      egress: [{action: Deny, to: [{domainNames: [a.example]}]}]                 | egress[0].to[0].domainNames | not known to this version
      egress: [{action: Deny, to: [{networks: 10.0.0.0/8}]}]                     | egress[0].to[0].networks | must be a list
      egress: [{action: Deny, to: [{networks: [7]}]}]                            | egress[0].to[0].networks[0] | must be text
      egress: [{action: Deny, to: {}}]                                           | egress[0].to | must be a list
      egress: [{action: Deny, tu: [{namespaces: {}}]}]                           | egress[0].tu | not known to this version
      egress: [{action: 7, to: [{namespaces: {}}]}]                              | egress[0].action | must be text
      egress: [{aktion: Deny, to: [{namespaces: {}}]}]                           | egress[0].aktion | not known to this version
      egress: [{action: Deny, to: [{pods: {podSelector: {}, namespaceSelectr: {}}}]}] | egress[0].to[0].pods.namespaceSelectr | not known to this version
      egress: [{action: Deny, to: [{namespaces: {}}], protocols: [{tpc: {}}]}]   | egress[0].protocols[0].tpc | not known to this version
      egress: [{action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {port: 7}}]}] | egress[0].protocols[0].tcp.port | not known to this version
      egress: [{action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {nummer: 7}}}]}] | egress[0].protocols[0].tcp.destinationPort.nummer | not known to this version
      egress: [{action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: "7"}}}]}] | egress[0].protocols[0].tcp.destinationPort.number | must be
      egress: [{action: Deny, to: [{namespaces: {}}], protocols: [{destinationNamedPort: 7}]}] | egress[0].protocols[0].destinationNamedPort | must be text
      egress: [{action: Deny, to: [{namespaces: {}}], protocols: {}}]            | egress[0].protocols | must be a list
      egress: {}                                                                 | egress | must be a list
      """)
  void inAClusterNetworkPolicy(String rules, String field, String message) {
    assertOneError(
        clusterPolicy("tier: Admin, priority: 1, subject: {namespaces: {}}, " + rules),
        "spec." + field,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      tier: 7, priority: 1, subject: {namespaces: {}}        | tier             | must be text
      teer: Admin, priority: 1, subject: {namespaces: {}}    | teer             | not known to this version
      tier: Admin, priority: "1", subject: {namespaces: {}}  | priority         | must be
      tier: Admin, prioritaet: 1, subject: {namespaces: {}}  | prioritaet       | not known to this version
      tier: Admin, priority: 1, subject: {namespace: {}}     | subject.namespace | not known to this version
      tier: Admin, priority: 1, subjekt: {namespaces: {}}    | subjekt          | not known to this version
      """)
  void aboutAClusterNetworkPolicy(String spec, String field, String message) {
    assertOneError(clusterPolicy(spec), "spec." + field, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {apiVersion: v1, kind: Pod, metadata: {namespace: -x, name: a}, spec: {containers: []}} | metadata.namespace | no name
      {apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}, spec: {containers: [{ports: [{containrPort: 7}]}]}} | spec.containers[0].ports[0].containrPort | is no field
      {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: x, name: a}, spec: {tempalte: {}}} | spec.tempalte | is no field
      {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: x, name: a}, specs: {template: {}}} | specs | is no field
      """)
  void inAPodOrWorkload(String object, String field, String message) {
    assertOneError(object, field, message);
  }

  private static void assertOneError(String object, String field, String message) {
    assertThat(TestCluster.of(object).report().of(Severity.ERROR))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding).extracting(Finding::field).isEqualTo(field);
              assertThat(finding.message()).contains(message);
            });
  }

  private static String clusterPolicy(String spec) {
    return """
        {apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy,
         metadata: {name: p}, spec: {%s}}"""
        .formatted(spec);
  }
}
