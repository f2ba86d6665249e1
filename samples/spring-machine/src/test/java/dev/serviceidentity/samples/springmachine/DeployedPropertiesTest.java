// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.spring.properties.AllowProperties;
import dev.serviceidentity.spring.properties.MtlsProperties;
import dev.serviceidentity.spring.properties.NetworkProperties;
import dev.serviceidentity.spring.properties.TokenProperties;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.PropertiesPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** What the services are configured with, in their jar, in a cluster and on one machine. */
class DeployedPropertiesTest {
  private static final Path DEPLOYED = Path.of("../../deploy/spring-shop");
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  @EnableConfigurationProperties({
    AllowProperties.class,
    MtlsProperties.class,
    NetworkProperties.class,
    TokenProperties.class
  })
  static class Bound {}

  @ParameterizedTest
  @ValueSource(strings = {"orders", "payments"})
  void everyPropertyOfTheClusterIsKnown(String service) throws Exception {
    assertThat(deployed(service)).isNotEmpty();
    assertThat(unknown(deployed(service))).isEmpty();
  }

  @Test
  void everyPropertyOfTheMachineIsKnown() throws Exception {
    assertThat(unknown(packaged("machine"))).isEmpty();
  }

  @Test
  void anUnknownPropertyWouldBeFound() throws Exception {
    var wrong = new Properties();
    wrong.setProperty("serviceidentity.mtls.pem-folder", "/var/run/tls");

    assertThat(unknown(wrong)).containsExactly("serviceidentity.mtls.pem-folder");
  }

  @Test
  void thePropertiesOfTheClusterSayWhatThePodsHave() throws Exception {
    try (var context = new AnnotationConfigApplicationContext()) {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new PropertiesPropertySource("deployed", deployed("orders")));
      context.register(Bound.class);
      context.refresh();

      assertThat(context.getBean(AllowProperties.class).serviceAccounts())
          .containsExactly("shop/web");
      assertThat(context.getBean(MtlsProperties.class).pemDirectory()).hasToString("/var/run/tls");
      assertThat(context.getBean(NetworkProperties.class).mode())
          .isEqualTo(NetworkProperties.Mode.CLUSTER);
      assertThat(context.getBean(TokenProperties.class).files())
          .containsEntry("payments.finance", Path.of("/var/run/tokens/payments.finance"));
    }
  }

  /** As Spring Boot merges them: what lies beside the jar comes first. */
  private static Properties deployed(String service) throws IOException {
    Properties all = packaged(service);
    all.load(new StringReader(configMap(service).getData().get(service + ".properties")));
    return all;
  }

  private static ConfigMap configMap(String service) throws IOException {
    try (InputStream manifest = Files.newInputStream(DEPLOYED.resolve(service + ".yaml"))) {
      Collection<?> objects = new KubernetesSerialization().unmarshal(manifest);
      return objects.stream()
          .filter(ConfigMap.class::isInstance)
          .map(ConfigMap.class::cast)
          .findFirst()
          .orElseThrow();
    }
  }

  private static Properties packaged(String name) throws IOException {
    var properties = new Properties();
    try (InputStream file = loader().getResourceAsStream(name + ".properties")) {
      properties.load(file);
    }
    return properties;
  }

  private static List<String> unknown(Properties properties) throws IOException {
    Set<String> known = known();
    return properties.stringPropertyNames().stream()
        .filter(name -> !name.startsWith("shop."))
        .filter(name -> !known.contains(name.replaceAll("\\[.*", "")))
        .toList();
  }

  /** All that any library describes. */
  private static Set<String> known() throws IOException {
    Set<String> names = new HashSet<>();
    for (URL each : Collections.list(loader().getResources(METADATA))) {
      try (InputStream metadata = each.openStream()) {
        Stream.of(JsonMapper.shared().readTree(metadata).get("properties"))
            .flatMap(described -> described.valueStream())
            .forEach(described -> names.add(described.get("name").asString()));
      }
    }
    return names;
  }

  private static ClassLoader loader() {
    return DeployedPropertiesTest.class.getClassLoader();
  }
}
