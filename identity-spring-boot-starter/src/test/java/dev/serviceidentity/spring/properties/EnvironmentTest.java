// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.spring.IdentityContexts;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What is said by variables of the environment and by system properties is read, or refused. */
class EnvironmentTest {
  private static final Map<String, Object> ADMIN =
      Map.of(
          "SERVICEIDENTITY_WEB_RULES_0_PATTERN", "/admin/**",
          "SERVICEIDENTITY_WEB_RULES_0_MECHANISM", "kerberos");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVICEIDENTITY_WEB_RULES_0_MECHANISMS",
        "SERVICEIDENTITY_WEB_RULES_0_SERVICE_ACOUNTS",
        "SERVICEIDENTITY_WEB_PUBLIC_PATH",
        "SERVICEIDENTITY_AUDIT_REQIRED",
        "SERVICEIDENTITY_REPORT_ONLY_NETWORK_UNTILL",
        "SERVICEIDENTITY_NETWORK_BINDING_REALM"
      })
  void aMisspeltVariableIsNotPassedOver(String variable) {
    with(variable, "x")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(": is no property, although it begins as one"));
  }

  @Test
  void norIsASystemProperty() {
    var said = new Properties();
    said.setProperty("serviceidentity.web.public-path", "/health");
    web(new PropertiesPropertySource(
            StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, said))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("serviceidentity.web.public-path: is no"));
  }

  @ParameterizedTest
  @CsvSource({
    "SERVICEIDENTITY_WEB_PUBLICPATHS, /health",
    "SERVICEIDENTITY_WEB_PUBLIC_PATHS, /health",
    "SERVICEIDENTITY_WEB_PUBLIC_PATHS_0, /health",
    "SERVICEIDENTITY_WEB_RULES_0_SERVICE_ACCOUNTS, shop/admin",
    "SERVICEIDENTITY_WEB_RULES_0_SERVICEACCOUNTS_0, shop/admin",
    "SERVICEIDENTITY_WEB_RULES_0_REPORT_ONLY_NETWORK_UNTIL, 2099-01-01T00:00:00Z",
    "SERVICEIDENTITY_REPORTONLY_NETWORKUNTIL, 2099-01-01T00:00:00Z",
    "SERVICEIDENTITY_REPORT_ONLY_NETWORK_UNTIL, 2099-01-01T00:00:00Z",
    "SERVICEIDENTITY_NETWORK_BINDING_REALMS_0, SHOP.EXAMPLE"
  })
  void whatSpringReadsInAnySpellingStays(String variable, String value) {
    with(variable, value)
        .run(
            context ->
                assertThat(context.getBean(PathRules.class).ruleOn("/admin/x").orElseThrow())
                    .matches(rule -> rule.narrows()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVICEIDENTITY_WEB_SERVICE_HOST",
        "SERVICEIDENTITY_WEB_SERVICE_PORT",
        "SERVICEIDENTITY_WEB_SERVICE_PORT_HTTPS",
        "SERVICEIDENTITY_WEB_PORT",
        "SERVICEIDENTITY_WEB_PORT_8443_TCP_ADDR"
      })
  void whatKubernetesSetsForAServiceOfThatNameIsNoProperty(String variable) {
    with(variable, "10.0.0.1").run(context -> assertThat(context).hasNotFailed());
  }

  private static WebApplicationContextRunner with(String variable, String value) {
    Map<String, Object> all = new HashMap<>(ADMIN);
    all.put(variable, value);
    return web(
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, all));
  }

  private static WebApplicationContextRunner web(PropertySource<?> source) {
    return IdentityContexts.web()
        .withBean(
            ServiceIdentity.class,
            () -> FakeServiceIdentity.of("mtls:spiffe://shop.example/ns/shop/sa/orders"))
        .withInitializer(
            context ->
                context.getEnvironment().getPropertySources().replace(source.getName(), source));
  }
}
