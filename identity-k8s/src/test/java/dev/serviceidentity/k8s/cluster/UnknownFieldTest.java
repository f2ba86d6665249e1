// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A misspelt field, which leaves a label or an address out, is found and never opens a flow. */
class UnknownFieldTest {
  private static final String WEB =
      "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}";

  private static final String ORDERS =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        namespace: shop
        name: orders
        labels: {app: orders}
      spec:
        containers:
        - name: orders
          ports: [{name: http, containerPort: 8080}]
      status:
        podIP: 10.0.0.2
      """;

  private static final String DENY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: shop, name: deny}
      spec: {podSelector: {matchLabels: {app: orders}}}
      """;

  private static final int LINES_BEFORE = 2;

  private static Verdict toOrders(TestCluster cluster) {
    return cluster.ingress("shop/web", "shop/orders", 8080);
  }

  @Test
  void theUnchangedPodIsDenied() {
    TestCluster cluster = TestCluster.of(WEB, ORDERS, DENY);

    assertThat(cluster.report().findings()).isEmpty();
    assertThat(toOrders(cluster)).isEqualTo(Verdict.DENIED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      labels:         | lables:          | 6  | metadata.lables                      | `labels`
      labels:         | label:           | 6  | metadata.label                       | `labels`
      metadata:       | metdata:         | 3  | metdata                              | `metadata`
      spec:           | specs:           | 7  | specs                                | `spec`
      status:         | Status:          | 11 | Status                               | `status`
      podIP:          | podIp:           | 12 | status.podIp                         | `podIP`
      containers:     | hostNetwrok:     | 8  | spec.hostNetwrok                     | `hostNetwork`
      containers:     | serviceAcountName: | 8 | spec.serviceAcountName              | `serviceAccountName`
      containers:     | contianers:      | 8  | spec.contianers                      | `containers`
      ports:          | port:            | 10 | spec.containers[0].port              | `ports`
      containerPort:  | containrPort:    | 10 | spec.containers[0].ports[0].containrPort | `containerPort`
      name: orders    | name: orders\\n  fluff: {} | 6 | metadata.fluff             | ObjectMeta
      """)
  void aPodWithAFieldThatCannotBeTrustedIsUndecidableBothWays(
      String field, String misspelt, int line, String path, String says) {
    String changed = ORDERS.replaceFirst(field, misspelt.replace("\\n", "\n"));
    TestCluster cluster = TestCluster.of(WEB, changed, DENY);

    assertThat(cluster.report().of(Severity.ERROR))
        .anySatisfy(
            finding -> {
              assertThat(finding.field()).isEqualTo(path);
              assertThat(finding.place().line()).isEqualTo(LINES_BEFORE + line);
              assertThat(finding.message()).contains("is no field of", says);
            });
    assertThat(toOrders(cluster)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.ingress("shop/orders", "shop/web", 80)).isEqualTo(Verdict.UNDECIDABLE);
    assertThat(cluster.ingress("shop/web", "10.0.0.2", 8080)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void theAddressOfAPodThatCannotBeTrustedIsNeverOutsideTheCluster() {
    TestCluster cluster =
        TestCluster.of(WEB, ORDERS.replaceFirst("labels:", "lables:"), DENY)
            .assuming(new Assumptions(PodsInBlocks.MATCH, Unowned.OUTSIDE));

    assertThat(cluster.ingress("shop/web", "10.0.0.2", 8080)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      containers:     | newInKubernetes2: {a: b}\\n  containers:     | spec.newInKubernetes2
      - name: orders  | - name: orders\\n    novelty: 1             | spec.containers[0].novelty
      podIP:          | observedWeather: fine\\n  podIP:             | status.observedWeather
      """)
  void aFieldThatANewerKubernetesMayHaveIsAWarning(String field, String more, String path) {
    TestCluster cluster =
        TestCluster.of(WEB, ORDERS.replaceFirst(field, more.replace("\\n", "\n")), DENY);

    assertThat(cluster.report().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.field()).isEqualTo(path);
            });
    assertThat(toOrders(cluster)).isEqualTo(Verdict.DENIED);
  }

  @Test
  void fieldsThatTheModelKnowsAndNobodyReadsAreFine() {
    String more =
        ORDERS
            .replaceFirst(
                "containers:", "tolerations: [{key: a}]\n  restartPolicy: Always\n  containers:")
            .replaceFirst("- name: orders", "- image: x\n    env: [{name: A, value: b}]")
            .replaceFirst("labels:", "creationTimestamp: null\n  managedFields: []\n  labels:");

    assertThat(TestCluster.of(WEB, more, DENY).report().findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      apps/v1  | Deployment  | spec: {template: {metadata: {lables: {app: orders}}}}       | spec.template.metadata.lables
      apps/v1  | StatefulSet | spec: {template: {metdata: {labels: {app: orders}}}}        | spec.template.metdata
      apps/v1  | DaemonSet   | spec: {tempalte: {metadata: {labels: {app: orders}}}}       | spec.tempalte
      apps/v1  | ReplicaSet  | specs: {template: {metadata: {labels: {app: orders}}}}      | specs
      v1       | ReplicationController | spec: {template: {spec: {hostnetwork: true}}}     | spec.template.spec.hostnetwork
      batch/v1 | Job         | spec: {template: {label: {app: orders}}}                    | spec.template.label
      batch/v1 | CronJob     | spec: {jobTemplate: {sepc: {}, spec: {template: {}}}}       | spec.jobTemplate.sepc
      """)
  void aWorkloadWithAMisspeltFieldIsUndecidable(
      String version, String kind, String spec, String path) {
    String workload =
        "{apiVersion: %s, kind: %s, metadata: {namespace: shop, name: orders}, %s}"
            .formatted(version, kind, spec);
    TestCluster cluster = TestCluster.of(WEB, workload, DENY);

    assertThat(cluster.report().of(Severity.ERROR))
        .anySatisfy(finding -> assertThat(finding.field()).isEqualTo(path));
    assertThat(toOrders(cluster)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void theLabelsOfANamespaceWithAMisspeltFieldAreNotKnown() {
    String policy =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {namespace: shop, name: p}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: hostile, operator: DoesNotExist}]}}]}]
        """;
    TestCluster cluster =
        TestCluster.of(
            WEB,
            ORDERS,
            policy,
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, lables: {hostile: yes}}}");

    assertThat(cluster.report().of(Severity.ERROR))
        .singleElement()
        .satisfies(finding -> assertThat(finding.field()).isEqualTo("metadata.lables"));
    assertThat(toOrders(cluster)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, secretz: []}      | secretz            | `secrets`
      {apiVersion: v1, kind: ServiceAccount, metadata: {name: a, anotations: {}}}   | metadata.anotations | `annotations`
      {apiVersion: v1, kind: Node, metadata: {name: n1}, states: {}}                 | states             | `status`
      {apiVersion: v1, kind: Node, metadata: {name: n1}, status: {adresses: []}}     | status.adresses    | `addresses`
      """)
  void otherObjectsThatAreReadAreHeldToTheirFieldsToo(String object, String path, String meant) {
    assertThat(TestCluster.of(object).report().of(Severity.ERROR))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.field()).isEqualTo(path);
              assertThat(finding.message()).contains("did you mean " + meant);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      namespace: shop, | namepsace: shop, | metadata.namepsace
      metadata:        | metdata:         | metdata
      """)
  void aPolicyWhoseNamespaceIsMisspeltMayBeOfAnyNamespace(
      String field, String misspelt, String path) {
    TestCluster cluster = TestCluster.of(WEB, ORDERS, DENY.replaceFirst(field, misspelt));

    assertThat(cluster.report().of(Severity.ERROR))
        .anySatisfy(finding -> assertThat(finding.field()).isEqualTo(path));
    assertThat(toOrders(cluster)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      kind: NetworkPolicy | kind: NetworkPolcy  | networking.k8s.io/v1
      kind: NetworkPolicy | kind: NetwrokPolicy | v1
      """)
  void aMisspeltKindOfPolicyLeavesFlowsUndecided(String kind, String misspelt, String version) {
    String policy = DENY.replace(kind, misspelt).replace("networking.k8s.io/v1", version);

    assertThat(toOrders(TestCluster.of(WEB, ORDERS, policy))).isEqualTo(Verdict.UNDECIDABLE);
  }

  @Test
  void aMisspeltKindOfPodMayOwnAddresses() {
    TestCluster cluster = TestCluster.of(WEB, ORDERS.replace("kind: Pod", "kind: pod"), DENY);

    assertThat(cluster.report().of(Severity.ERROR))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("did you mean `v1 Pod`"));
    assertThat(cluster.ingress("shop/web", "10.0.0.2", 8080)).isEqualTo(Verdict.UNDECIDABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      apps/v1      | Deploymnt   | apps/v1 Deployment
      v1           | Deployment  | apps/v1 Deployment
      batch/v1beta1 | CronJob    | batch/v1 CronJob
      v1           | Namespaces  | v1 Namespace
      """)
  void aKindThatIsNearlyOneIsNamed(String version, String kind, String meant) {
    String object = "{apiVersion: %s, kind: %s, metadata: {name: x}}".formatted(version, kind);

    assertThat(TestCluster.of(object).report().of(Severity.ERROR))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("`" + meant + "`"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[label", "[0]", "[]", "[99999999999]", "a.b", "\\n"})
  void aFieldMayHaveAnyName(String name) {
    String pod = "{apiVersion: v1, kind: Pod, metadata: {name: x, \"%s\": 1}}".formatted(name);

    assertThat(TestCluster.of(pod).report().of(Severity.ERROR)).hasSize(1);
  }

  @Test
  void aKindOfAnotherGroupIsItsOwn() {
    String object = "{apiVersion: batch.example/v1, kind: Job, metadata: {name: x}}";

    assertThat(TestCluster.of(object).report().of(Severity.ERROR)).isEmpty();
  }

  @Test
  void unknownFieldsWithoutEndAreStoppedEarly() {
    var many =
        new StringBuilder("apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: x}\n");
    for (int i = 0; i < 50_000; i++) {
      many.append("field").append(i).append(": 1\n");
    }

    assertThat(TestCluster.of(WEB, many.toString()).report().findings()).hasSizeLessThan(300);
  }
}
