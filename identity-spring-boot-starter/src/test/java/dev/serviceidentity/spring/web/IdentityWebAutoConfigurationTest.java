// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import dev.serviceidentity.spring.IdentityContexts;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** Where the filter is registered, with which rules, and what gives way. */
class IdentityWebAutoConfigurationTest {
  private final WebApplicationContextRunner web =
      IdentityContexts.web()
          .withBean(ServiceIdentity.class, IdentityWebAutoConfigurationTest::orders);

  @Test
  void theFilterStandsBeforeSpringSecurityAndSeesEveryDispatch() {
    web.run(
        context -> {
          var registration = context.getBean(FilterRegistrationBean.class);
          assertThat(registration.getFilter()).isInstanceOf(IdentityFilter.class);
          assertThat(registration.getOrder()).isLessThan(-100);
          assertThat(registration.isAsyncSupported()).isTrue();
          assertThat(registration.determineDispatcherTypes())
              .isEqualTo(
                  EnumSet.of(
                      DispatcherType.REQUEST,
                      DispatcherType.ASYNC,
                      DispatcherType.FORWARD,
                      DispatcherType.INCLUDE,
                      DispatcherType.ERROR));
        });
  }

  @Test
  void withoutTheFilterTheEvidenceIsStillThereForWhoeverAsksHimself() {
    web.withPropertyValues("serviceidentity.web.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(IdentityFilter.class)
                    .doesNotHaveBean(FilterRegistrationBean.class)
                    .hasSingleBean(RequestEvidence.class));
  }

  @Test
  void withoutAnIdentityThereIsNoFilter() {
    IdentityContexts.web()
        .withPropertyValues("serviceidentity.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(IdentityFilter.class));
  }

  @Test
  void outsideOfServletApplicationsThereIsNoFilter() {
    IdentityContexts.plain()
        .withBean(ServiceIdentity.class, IdentityWebAutoConfigurationTest::orders)
        .run(context -> assertThat(context).doesNotHaveBean(IdentityFilter.class));
  }

  @Test
  void rulesOfTheApplicationReplaceThoseOfProperties() {
    web.withBean(PathRules.class, PathRules::none)
        .withPropertyValues("serviceidentity.web.rules[0].mechanism=kerberos")
        .run(context -> assertThat(context).getBean(PathRules.class).isSameAs(PathRules.none()));
  }

  @Test
  void aLayerReportsOnlyOnSomePathsUntilItsEnd() {
    web.withPropertyValues(
            "serviceidentity.web.rules[0].pattern=/legacy/**",
            "serviceidentity.web.rules[0].report-only.network-until=2099-01-31T00:00:00Z")
        .run(
            context ->
                assertThat(context.getBean(IdentityFilter.class).rules().reportOnly())
                    .singleElement()
                    .satisfies(
                        rule -> {
                          assertThat(rule.pattern()).isEqualTo("/legacy/**");
                          assertThat(rule.layer()).isEqualTo(Layer.NETWORK);
                        }));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serviceidentity.web.public-paths=health             | serviceidentity.web.public-paths[0]:
          serviceidentity.web.public-paths=/health,/health    | serviceidentity.web.public-paths[1]:
          serviceidentity.web.rules[0].mechanism=kerberos     | serviceidentity.web.rules[0].pattern: is missing
          serviceidentity.web.rules[0].pattern=admin          | serviceidentity.web.rules[0].pattern:
          serviceidentity.web.public-path=/health             | serviceidentity.web.public-path
          """)
  void whatIsWrongWithARuleIsSaidInTermsOfProperties(String property, String message) {
    web.withPropertyValues(property)
        .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
  }

  @Test
  void callersAreToldWhyOnlyIfTheProfileIsNamedAndActive() {
    web.withPropertyValues(
            "serviceidentity.web.developer-profile=dev", "spring.profiles.active=prod")
        .run(context -> assertThat(context.getBean(DeveloperProfile.class).active()).isEmpty());
    web.withPropertyValues(
            "serviceidentity.web.developer-profile=dev", "spring.profiles.active=dev")
        .run(
            context ->
                assertThat(context.getBean(DeveloperProfile.class).active()).contains("dev"));
    web.withPropertyValues("spring.profiles.active=dev")
        .run(context -> assertThat(context.getBean(DeveloperProfile.class).active()).isEmpty());
  }

  private static ServiceIdentity orders() {
    return FakeServiceIdentity.of("mtls:spiffe://shop.example/ns/shop/sa/orders");
  }
}
