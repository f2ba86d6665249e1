// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.cluster.LiveObjects;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ServiceFacts;
import dev.serviceidentity.k8s.cluster.SliceFacts;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.FlowEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The check of a target")
class TargetCheckTest {
  private static final TestCluster SHOP =
      TestCluster.of(
          pod("shop", "web-0", "10.1.0.1"),
          pod("shop", "orders-1", "10.1.0.2, fd00::2"),
          pod("elsewhere", "orders-1", "10.1.0.9"));

  private final List<String> broken = new ArrayList<>();
  private final List<String> doubtful = new ArrayList<>();
  private final List<String> fine = new ArrayList<>();

  private static String pod(String namespace, String name, String addresses) {
    String all = addresses.replaceAll("([^ ,]+)", "{ip: '$1'}");
    return """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: %s}
        spec: {serviceAccountName: orders}
        status: {phase: Running, podIP: '%s', podIPs: [%s]}
        """
        .formatted(namespace, name, addresses.split(",")[0], all);
  }

  private static SliceFacts slice(Map<String, Object> reference, String... addresses) {
    Map<String, Object> endpoint = Map.of("addresses", List.of(addresses), "targetRef", reference);
    Map<String, Object> slice =
        Map.of(
            "metadata",
            Map.of("namespace", "shop", "name", "orders-x"),
            "endpoints",
            List.of(endpoint),
            "ports",
            List.of(Map.of("name", "https", "port", 8443)));
    return Objects.requireNonNull(new LiveObjects(Loopback.IGNORED).endpointSlice(slice).facts());
  }

  private static SliceFacts of(String pod, String... addresses) {
    return slice(Map.of("kind", "Pod", "namespace", "shop", "name", pod), addresses);
  }

  private void check(List<Finding> findings, SliceFacts... slices) {
    var orders =
        new ServiceFacts(
            "shop",
            "orders",
            ServiceFacts.Kind.CLUSTER_IP,
            Map.of(),
            List.of(new ServiceFacts.Port("https", 443, "8443", Protocol.TCP)));
    var listener =
        new FindingListener() {
          @Override
          public void fine(String subject, String detail) {
            fine.add(subject + ": " + detail);
          }

          @Override
          public void doubtful(String subject, String detail, String remedy) {
            doubtful.add(subject + ": " + detail);
          }

          @Override
          public void broken(String subject, String detail, String remedy) {
            broken.add(subject + ": " + detail);
          }
        };
    var backing = new Backing(Optional.of(orders), List.of(slices), SHOP.engine(), findings);
    WorkloadBinding binding = WorkloadBinding.builder().tokenDomain("id.shop.example").build();
    new TargetCheck(
            FlowEnd.pod("shop", "web-0"), ServiceTarget.parse("orders.shop:443"), backing, listener)
        .check(new BoundPrincipals(binding, List.of()));
  }

  private static Finding finding(Severity severity, String kind, String name) {
    return new Finding(
        severity, new Subject(kind, "shop", name), new Place("the cluster", 0), "", "odd");
  }

  @Test
  void holdsForAServiceThatWorksByTokensAlone() {
    check(List.of(), of("orders-1", "10.1.0.2"));

    assertThat(broken).isEmpty();
    assertThat(fine).containsExactly("orders.shop:443: reaches shop/orders-1:8443");
  }

  @Test
  void namesAnEndpointOfBothFamiliesOnce() {
    check(List.of(), of("orders-1", "10.1.0.2"), of("orders-1", "fd00:0::2"));

    assertThat(broken).isEmpty();
    assertThat(fine).containsExactly("orders.shop:443: reaches shop/orders-1:8443");
  }

  @Test
  void doesNotBelieveASliceThatNamesAPodAndLeadsElsewhere() {
    check(List.of(), of("orders-1", "10.1.0.2"), of("orders-1", "10.66.6.6"));

    assertThat(fine).isEmpty();
    assertThat(broken)
        .singleElement()
        .asString()
        .contains("orders-1:8443", "leads to 10.66.6.6, which is no address of that pod");
  }

  @Test
  void doesNotBelieveASliceWhoseAddressIsNone() {
    check(List.of(), of("orders-1", "evil.example"));

    assertThat(broken).singleElement().asString().contains("leads to evil.example");
  }

  @Test
  void doesNotBelieveASliceThatNamesAPodOfAnotherNamespace() {
    check(
        List.of(),
        slice(Map.of("kind", "Pod", "namespace", "elsewhere", "name", "orders-1"), "10.1.0.2"));

    assertThat(fine).isEmpty();
    assertThat(broken)
        .singleElement()
        .asString()
        .contains("elsewhere/orders-1:8443", "a pod of another namespace");
  }

  @Test
  void holdsInSpiteOfWarningsAndOfWhatIsWrongWithOthers() {
    check(
        List.of(
            finding(Severity.WARNING, "NetworkPolicy", "orders"),
            finding(Severity.WARNING, "Pod", "orders-1"),
            finding(Severity.ERROR, "Pod", "other")),
        of("orders-1", "10.1.0.2"));

    assertThat(broken).isEmpty();
    assertThat(doubtful).hasSize(3);
    assertThat(fine).hasSize(1);
  }

  @Test
  void doesNotHoldWhereWhatDecidesAboutItCannotBeRead() {
    check(
        List.of(
            finding(Severity.ERROR, "NetworkPolicy", "orders"),
            finding(Severity.ERROR, "EndpointSlice", "orders-x"),
            finding(Severity.ERROR, "Service", "orders"),
            finding(Severity.ERROR, "Pod", "orders-1")),
        of("orders-1", "10.1.0.2"));

    assertThat(broken).hasSize(4);
  }
}
