// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** No spelling of a switch turns off what was meant to be on. */
class SwitchTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"true", "TRUE", "yes", "on", "1", "true ", " On"})
  void whatSpringReadsAsTrueIsOn(String value) {
    identity(value).run(context -> assertThat(context).hasSingleBean(ServiceIdentity.class));
    filter(value).run(context -> assertThat(context).hasSingleBean(IdentityFilter.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "False", "no", "off", "0", "false "})
  void whatSpringReadsAsFalseIsOff(String value) {
    identity(value)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ServiceIdentity.class));
    filter(value)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(IdentityFilter.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ture", "", " ", "enabled", "2", "${UNSET:}"})
  void whatIsNeitherIsNoSwitchAndTheApplicationDoesNotStart(String value) {
    identity(value)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("serviceidentity.enabled: is neither true nor false"));
    filter(value)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(
                        "serviceidentity.web.enabled: is neither true nor false"));
  }

  @Test
  void anEnvironmentVariableIsASwitchAsWell() {
    web(new SystemEnvironmentPropertySource(
            "systemEnvironment", Map.of("SERVICEIDENTITY_WEB_ENABLED", "on")))
        .run(context -> assertThat(context).hasSingleBean(IdentityFilter.class));
  }

  private WebApplicationContextRunner identity(String value) {
    return IdentityContexts.configured(IdentityContexts.web(), folder)
        .withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(
                        new MapPropertySource("said", Map.of("serviceidentity.enabled", value))));
  }

  private static WebApplicationContextRunner filter(String value) {
    return web(new MapPropertySource("said", Map.of("serviceidentity.web.enabled", value)));
  }

  /** With the source as it is: runners trim what they are given as text. */
  private static WebApplicationContextRunner web(PropertySource<?> source) {
    return IdentityContexts.web()
        .withBean(
            ServiceIdentity.class,
            () -> FakeServiceIdentity.of("mtls:spiffe://shop.example/ns/shop/sa/orders"))
        .withInitializer(context -> context.getEnvironment().getPropertySources().addFirst(source));
  }
}
