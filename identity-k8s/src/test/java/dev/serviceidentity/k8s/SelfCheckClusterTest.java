// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayName("A service that checks itself on a real API server")
class SelfCheckClusterTest {
  private static final List<String> NEEDED =
      List.of("pods", "namespaces", "networkpolicies", "services", "endpointslices");
  private static final String TO_ORDERS =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: orders}}}]}]
      """;

  private RealCluster web;
  private RealCluster orders;
  private KubernetesClient limited;
  private ServiceIdentity identity;

  @BeforeEach
  void open() {
    web = RealCluster.open();
    orders = RealCluster.open();
    web.pod("web-1", Map.of("app", "web"), "web", web.address(1));
    web.apply(TO_ORDERS);
    orders.pod("orders-1", Map.of("app", "orders"), "orders", orders.address(1));
    orders.apply(forWeb("web"));
    orders.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: orders}
        spec:
          selector: {app: orders}
          ports:
          - {name: https, port: 443, targetPort: 8443, protocol: TCP}
          - {name: metrics, port: 9090, protocol: TCP}
        """);
    slice("orders-1");
  }

  @AfterEach
  void close() throws Exception {
    RealCluster.closeAll(identity, limited, web, orders);
  }

  /** Lets pods with a label call the port 8443. */
  private String forWeb(String app) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: orders}
        spec:
          podSelector: {matchLabels: {app: orders}}
          ingress:
          - ports: [{port: 8443}]
            from:
            - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
              podSelector: {matchLabels: {app: %s}}
        """
        .formatted(web.namespace(), app);
  }

  /** No controller makes slices here. */
  private void slice(String... pods) {
    String endpoints =
        IntStream.range(0, pods.length)
            .mapToObj(
                i ->
                    "{addresses: ['%s'], targetRef: {kind: Pod, namespace: %s, name: %s}}"
                        .formatted(orders.address(i + 1), orders.namespace(), pods[i]))
            .collect(Collectors.joining(", "));
    sliceOf(endpoints);
  }

  private void sliceOf(String endpoints) {
    orders.apply(
        """
        apiVersion: discovery.k8s.io/v1beta1
        kind: EndpointSlice
        metadata: {name: orders-x, labels: {kubernetes.io/service-name: orders}}
        addressType: IPv6
        endpoints: [%s]
        ports: [{name: https, port: 8443, protocol: TCP}, {name: metrics, port: 9090, protocol: TCP}]
        """
            .formatted(endpoints));
  }

  private String target() {
    return "orders." + orders.namespace() + ".svc.cluster.local:https";
  }

  private LiveNetworkBuilder builder(KubernetesClient client) {
    return KubernetesNetwork.using(client)
        .ownPod(web.namespace(), "web-1")
        .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
        .target(target())
        .openTimeout(RealCluster.PATIENCE);
  }

  private ServiceIdentity identity(LiveNetworkBuilder network) {
    identity =
        ServiceIdentity.builder()
            .mechanism(new SteadyMechanism("spiffe://shop.example/ns/shop/sa/web"))
            .network(network)
            .openTimeout(RealCluster.PATIENCE)
            .allowAnyAuthenticated()
            .open();
    return identity;
  }

  private SelfCheck check() {
    return identity.selfCheck();
  }

  private SelfCheck holds() throws Exception {
    return eventually("the check holds", this::check, SelfCheck::holds);
  }

  /** The only thing that is wrong, once the view has seen it. */
  private Finding onlyFailure(String detail) throws Exception {
    List<Finding> failed =
        eventually(
            detail,
            () -> failures(check()),
            all -> all.size() == 1 && all.get(0).detail().contains(detail));
    return failed.get(0);
  }

  /** Health is down because of the same, and is no finding of its own here. */
  private static List<Finding> failures(SelfCheck check) {
    return check.findings().stream()
        .filter(each -> each.severity() == Severity.FAILED)
        .filter(each -> !each.subject().equals(KubernetesNetwork.NAME))
        .toList();
  }

  @Test
  void holdsWhereBothSidesPermitAndIsReadyFromThenOn() throws Exception {
    identity(builder(web.client()));
    SelfCheck check = holds();
    assertThat(check.render())
        .contains("spiffe://shop.example/ns/shop/sa/web", "own pod", web.namespace() + "/web-1")
        .containsPattern("OK +orders.*reaches " + orders.namespace() + "/orders-1:8443");
    assertThat(identity.health().status()).isEqualTo(Status.UP);
  }

  @Test
  void holdsWithAViewOfTheWholeCluster() throws Exception {
    identity(builder(web.client()).wholeCluster());
    assertThat(holds().render()).contains("reaches " + orders.namespace() + "/orders-1:8443");
  }

  @Test
  void doesNotHoldWhereItsOwnEgressIsDenied() throws Exception {
    web.apply(TO_ORDERS.replace("app: orders", "app: stock"));
    identity(builder(web.client()));
    Finding found = onlyFailure("own egress is DENIED");
    assertThat(found.subject()).contains(target().substring(0, 8), "orders-1:8443");
    assertThat(found.remedy()).contains("lets it call " + orders.namespace() + "/orders-1");
    assertThat(identity.health().status()).isEqualTo(Status.DOWN);
    assertThat(identity.health().parts().toString()).contains("not ready: orders.");
  }

  @Test
  void doesNotHoldWhereTheTargetDoesNotAdmitItAndIsReadyOnceItDoes() throws Exception {
    orders.apply(forWeb("batch"));
    identity(builder(web.client()));
    Finding found = onlyFailure("its ingress is DENIED");
    assertThat(found.remedy()).contains("admits " + web.namespace() + "/web-1");
    assertThat(identity.health().status()).isEqualTo(Status.DOWN);

    orders.apply(forWeb("web"));
    eventually(
        "it is ready, without being asked", () -> identity.health().status(), Status.UP::equals);
  }

  @Test
  void reportsANewEndpointThatNoRuleAdmitsAndStaysReady() throws Exception {
    identity(builder(web.client()));
    holds();
    orders.pod("orders-2", Map.of("app", "other"), "orders", orders.address(2));
    slice("orders-1", "orders-2");
    Finding found = onlyFailure("own egress is DENIED");
    assertThat(found.subject()).endsWith(orders.namespace() + "/orders-2:8443");
    assertThat(check().render()).contains("reaches " + orders.namespace() + "/orders-1:8443");
    assertThat(identity.health().status()).isEqualTo(Status.DEGRADED);
  }

  @Test
  void reportsEndpointsThatNoIdentityIsBoundTo() throws Exception {
    identity(builder(web.client()));
    holds();
    sliceOf("{addresses: ['%s']}".formatted(orders.address(9)));
    assertThat(onlyFailure("no pod is there").subject()).contains(orders.address(9) + ":8443");
  }

  @Test
  void reportsEndpointsWhoseServiceAccountNobodyCanName() throws Exception {
    WorkloadBinding nobody =
        WorkloadBinding.builder()
            .principal(
                PrincipalId.parse("spiffe://a.example/x"), ServiceAccountName.parse("shop/web"))
            .build();
    identity(builder(web.client()).binding(nobody));
    assertThat(onlyFailure("no principal stands for").detail())
        .contains(orders.namespace() + "/orders");
  }

  @Test
  void saysWhatIsMissingOfTheTargetItself() throws Exception {
    orders.client().services().inNamespace(orders.namespace()).withName("orders").delete();
    identity(builder(web.client()));
    assertThat(onlyFailure("there is no Service orders").remedy()).contains("create");
  }

  @Test
  void saysWhichPortsThereAreInsteadOfOneThatIsNot() throws Exception {
    identity(builder(web.client()).target("orders." + orders.namespace() + ":8443"));
    assertThat(onlyFailure("has no port 8443").detail())
        .contains("https (443/TCP)", "metrics (9090/TCP)");
  }

  @Test
  void namesAMissingRightByVerbAndResource() throws Exception {
    String token = web.token("limited");
    web.grant("limited", NEEDED.subList(0, 4));
    limited = RealCluster.clientWith(() -> token);
    identity(builder(limited));
    Finding found = onlyFailure("may not list endpointslices.discovery.k8s.io");
    assertThat(found.detail()).contains("in namespace " + orders.namespace());
    assertThat(found.remedy()).contains("Grant");

    web.grant("limited", NEEDED);
    holds();
    web.grant("limited", List.of("pods", "namespaces", "services", "endpointslices"));
    eventually(
        "the right to see policies is named",
        () -> check().render(),
        text ->
            text.contains("right to see networkpolicies.networking.k8s.io")
                && text.contains("may not list and watch networkpolicies"));
  }

  @Test
  void assumesNoLabelOfNamespacesThatItMayNotSeeOnAServerThatSetsNone() throws Exception {
    String token = web.token("limited");
    web.grant("limited", NEEDED.stream().filter(each -> !each.equals("namespaces")).toList());
    limited = RealCluster.clientWith(() -> token);
    identity(builder(limited));

    eventually(
        "the ingress is undecidable, as it is for callers",
        () -> check().render(),
        text -> text.contains("its ingress is UNDECIDABLE"));
  }

  @Test
  void doesNotSayThatItReachesAPodWhereCallsGoElsewhere() throws Exception {
    identity(builder(web.client()));
    holds();
    sliceOf(
        "{addresses: ['%s'], targetRef: {kind: Pod, namespace: %s, name: orders-1}}"
            .formatted(orders.address(66), orders.namespace()));

    assertThat(onlyFailure("no address of that pod").detail()).contains(orders.address(66));
  }

  @Test
  @ResourceLock(RealCluster.WHOLE_VIEWS)
  void namesAPolicyThatCannotBeReadInANamespaceThatMatters() throws Exception {
    identity(builder(web.client()));
    holds();
    // The API server takes it, although no label can have the value.
    web.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: odd}
        spec:
          podSelector: {matchExpressions: [{key: app, operator: In, values: ["no value!"]}]}
        """);
    Finding found =
        eventually(
                "the policy is named",
                () -> failures(check()),
                all -> all.stream().anyMatch(each -> each.subject().contains("odd")))
            .get(0);
    assertThat(found.subject()).startsWith("NetworkPolicy ").contains(web.namespace());
    assertThat(found.remedy()).contains("Mend");
    // At once, and not whenever the namespace is cleared.
    web.client().network().v1().networkPolicies().inNamespace(web.namespace()).delete();
  }
}
