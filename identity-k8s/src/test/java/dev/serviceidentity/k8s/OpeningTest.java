// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.spi.IdentityRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten or mistaken when a network is opened is said then, and not at each request. */
class OpeningTest {
  private static final WorkloadBinding BINDING =
      WorkloadBinding.builder().trustDomain("shop.example").build();

  @TempDir private Path directory;

  private ManifestNetworkBuilder manifests(String... documents) throws IOException {
    Files.writeString(directory.resolve("m.yaml"), String.join("\n---\n", documents));
    return KubernetesNetwork.fromManifests(directory);
  }

  private static String pod(String namespace, String name) {
    return "{apiVersion: v1, kind: Pod, metadata: {namespace: %s, name: %s}, status: {podIP: 10.0.0.1}}"
        .formatted(namespace, name);
  }

  @Test
  void anOwnPodThatIsNotThereIsAConfigurationErrorThatListsThePodsThereAre() throws IOException {
    var builder = manifests(pod("finance", "payments-0"), pod("shop", "orders-0"));

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> builder.ownPod("shop", "order-0").open())
        .matches(e -> e.code() == IdentityException.Code.CONFIGURATION)
        .withMessageContaining("ownPod")
        .withMessageContaining("`shop/order-0`")
        .withMessageContaining("did you mean `shop/orders-0`?")
        .withMessageContaining("shop/orders-0, finance/payments-0");
  }

  @Test
  void ofManyPodsOnlyTheFirstTenAreListedThoseOfTheNamespaceBeforeOthers() throws IOException {
    var documents = new String[13];
    for (int i = 0; i < 12; i++) {
      documents[i] = pod("aaa", "other-" + (char) ('a' + i));
    }
    documents[12] = pod("shop", "orders-0");
    var builder = manifests(documents);

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> builder.ownPod("shop", "nobody").open())
        .withMessageContaining("shop/orders-0, aaa/other-a")
        .withMessageContaining("aaa/other-i and 3 more")
        .matches(e -> !e.getMessage().contains("aaa/other-j"));
  }

  @Test
  void anOwnPodThatCannotBeTrustedIsAConfigurationErrorThatSaysWhy() throws IOException {
    var builder =
        manifests(
            pod("shop", "web-0"),
            pod("shop", "orders-0").replace("metadata: {", "metadata: {lables: {}, "));

    assertThatExceptionOfType(IdentityException.class)
        .isThrownBy(() -> builder.ownPod("shop", "orders-0").open())
        .withMessageContaining("metadata.lables")
        .withMessageContaining("m.yaml:3");
  }

  @Test
  void anIdentityWhoseNetworkDoesNotKnowItsOwnPodIsDegradedAndSaysWhatToCall() throws IOException {
    ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    var runtime =
        new IdentityRuntime(
            Clock.systemUTC(), scheduler, refused -> {}, Set.of(), Duration.ofSeconds(1));
    try (LogLines log = LogLines.open();
        var network = manifests(pod("shop", "orders-0")).binding(BINDING).open(runtime)) {
      assertThat(network.health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(network.health().detail()).contains("call ownPod(");
      assertThat(log.all()).singleElement().asString().contains("call ownPod(");
    } finally {
      scheduler.shutdownNow();
    }
  }

  @Test
  void aViewThatIsOpenedForItselfNeedsNoOwnPod() throws IOException {
    try (LogLines log = LogLines.open();
        var network = manifests(pod("shop", "orders-0")).open()) {
      assertThat(network.health().status()).isEqualTo(Health.Status.UP);
      assertThat(log.all()).isEmpty();
    }
  }

  @Test
  void aBindingThatCanBindNoNameIsDegradedAndSaysWhatToCall() throws IOException {
    for (var rules :
        List.of(WorkloadBinding.builder(), WorkloadBinding.builder().annotationsFrom("shop"))) {
      try (LogLines log = LogLines.open();
          var network =
              manifests(pod("shop", "orders-0"))
                  .ownPod("shop", "orders-0")
                  .binding(rules.build())
                  .open()) {
        assertThat(network.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(network.health().detail())
            .contains("no principal can ever be bound", "binding(");
        assertThat(log.all()).singleElement().asString().contains("binding(");
      }
    }
  }

  @Test
  void anyRuleOfABindingIsEnough() throws IOException {
    for (var rules :
        List.of(
            WorkloadBinding.builder().trustDomain("shop.example"),
            WorkloadBinding.builder().realm("SHOP.EXAMPLE"),
            WorkloadBinding.builder()
                .principal(
                    PrincipalId.parse("kerberos:admin@SHOP.EXAMPLE"),
                    ServiceAccountName.parse("shop/orders")))) {
      try (var network =
          manifests(pod("shop", "orders-0"))
              .ownPod("shop", "orders-0")
              .binding(rules.build())
              .open()) {
        assertThat(network.health().status()).isEqualTo(Health.Status.UP);
      }
    }
  }

  @Test
  void everyErrorAndWarningIsLoggedOnce() throws IOException {
    var builder =
        manifests(
            "{image: {tag: v1}}",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, lables: {}}}",
            "{apiVersion: v1, kind: Pod, metadata: {name: b, lables: {}}}");
    try (LogLines log = LogLines.open();
        var network = builder.open()) {
      assertThat(log.all()).hasSize(3);
      assertThat(log.all().get(0)).contains("m.yaml:5: error: Pod a metadata.lables");
      assertThat(log.all().get(1)).contains("m.yaml:7: error: Pod b metadata.lables");
      assertThat(log.all().get(2)).contains("m.yaml:1: warning:", "has no kind");
      assertThat(network.health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(network.health().detail())
          .contains("2 error(s)", "m.yaml:5", "m.yaml:7", "loadReport()");
    }
  }

  @Test
  void aFloodOfFindingsIsCutAndCounted() throws IOException {
    var documents = new String[31];
    for (int i = 0; i < 30; i++) {
      documents[i] = "{image: {tag: v" + i + "}}";
    }
    documents[30] = "{apiVersion: v1, kind: Pod, metadata: {name: a, lables: {}}}";
    try (LogLines log = LogLines.open();
        var network = manifests(documents).open()) {
      assertThat(network.loadReport().findings()).hasSize(31);
      assertThat(log.all()).hasSize(21);
      assertThat(log.all().get(0)).contains("error: Pod a");
      assertThat(log.all().get(20)).contains("11 more", "loadReport()");
    }
  }
}
