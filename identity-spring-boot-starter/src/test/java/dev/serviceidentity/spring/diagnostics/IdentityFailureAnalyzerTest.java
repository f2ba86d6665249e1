// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.spring.IdentityContexts;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Applications that do not start say what is wrong and which properties mend it. */
class IdentityFailureAnalyzerTest {
  @TempDir Path folder;

  @Test
  void aBadTrustAnchorIsNamedWithItsFile() throws IOException {
    ApplicationContextRunner runner = IdentityContexts.orders(folder);
    Files.writeString(folder.resolve("ca.crt"), "no certificate");
    FailureAnalysis analysis = analysis(runner);
    assertThat(analysis.getDescription()).contains("serviceidentity.mtls", "ca.crt");
    assertThat(analysis.getAction()).contains("serviceidentity.mtls.pem-directory", "tls.key");
  }

  @Test
  void aMissingKeytabIsNamed() {
    FailureAnalysis analysis =
        analysis(
            IdentityContexts.plain()
                .withPropertyValues(
                    "serviceidentity.kerberos.principal=HTTP/orders.shop@SHOP.EXAMPLE",
                    "serviceidentity.kerberos.keytab=" + folder.resolve("orders.keytab"),
                    "serviceidentity.kerberos.accept-only=true",
                    "serviceidentity.network.mode=identity-alone",
                    "serviceidentity.allow.nobody=true"));
    assertThat(analysis.getDescription()).contains("serviceidentity.kerberos", "orders.keytab");
    assertThat(analysis.getAction()).contains("serviceidentity.kerberos.keytab");
  }

  @Test
  void aProcessOutsideOfAClusterIsToldWhatElseItCanSay() {
    FailureAnalysis analysis =
        analysis(
            IdentityContexts.orders(folder)
                .withPropertyValues(
                    "serviceidentity.network.mode=cluster",
                    "serviceidentity.network.own-pod=shop/orders-0"));
    assertThat(analysis.getDescription()).contains("does not run in a pod");
    assertThat(analysis.getAction())
        .contains("serviceidentity.network.mode=manifests", "KubernetesClient");
  }

  @Test
  void anApiServerThatDoesNotAnswerIsSaidAndTheClientOfTheApplicationStaysOpen() {
    var closed = new AtomicInteger();
    try (KubernetesClient real =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:1")
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build()) {
      FailureAnalysis analysis =
          analysis(
              IdentityContexts.orders(folder)
                  .withBean(
                      KubernetesClient.class,
                      () -> counting(real, closed),
                      definition -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
                  .withPropertyValues(
                      "serviceidentity.open-timeout=1s",
                      "serviceidentity.network.mode=cluster",
                      "serviceidentity.network.own-pod=shop/orders-0"));
      assertThat(analysis.getDescription()).contains("serviceidentity.network");
      assertThat(analysis.getAction()).contains("API server", "serviceidentity.open-timeout");
    }
    assertThat(closed).hasValue(0);
  }

  @Test
  void whoAllowsNobodyIsToldHowToAllowSomebody() {
    FailureAnalysis analysis =
        analysis(
            IdentityContexts.orders(folder)
                .withPropertyValues("serviceidentity.allow.service-accounts="));
    assertThat(analysis.getDescription()).contains("serviceidentity.allow.service-accounts");
  }

  private static KubernetesClient counting(KubernetesClient real, AtomicInteger closed) {
    return (KubernetesClient)
        Proxy.newProxyInstance(
            KubernetesClient.class.getClassLoader(),
            new Class<?>[] {KubernetesClient.class},
            (self, method, arguments) -> {
              if (method.getName().equals("close")) {
                return closed.incrementAndGet();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  /** By the analyzers that Spring Boot finds. */
  private static FailureAnalysis analysis(ApplicationContextRunner runner) {
    List<FailureAnalysis> analyses = new ArrayList<>();
    runner.run(
        context ->
            SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, failure) -> {})
                .stream()
                .filter(IdentityFailureAnalyzer.class::isInstance)
                .map(analyzer -> analyzer.analyze(context.getStartupFailure()))
                .forEach(analyses::add));
    assertThat(analyses).hasSize(1).doesNotContainNull();
    return analyses.get(0);
  }
}
