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
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.servlet.filter.OrderedFilter;
import org.springframework.boot.servlet.filter.OrderedFormContentFilter;
import org.springframework.boot.servlet.filter.OrderedHiddenHttpMethodFilter;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Where the filter is registered, with which rules, and what gives way. */
class IdentityWebAutoConfigurationTest {
  private final WebApplicationContextRunner web =
      IdentityContexts.web()
          .withBean(ServiceIdentity.class, IdentityWebAutoConfigurationTest::orders);

  @Test
  void theFilterStandsBeforeAllThatReadsBodiesAndSeesEveryDispatch() {
    web.run(
        context -> {
          var registration = context.getBean(FilterRegistrationBean.class);
          assertThat(registration.getFilter()).isInstanceOf(IdentityFilter.class);
          assertThat(registration.getOrder())
              .isLessThan(new OrderedFormContentFilter().getOrder())
              .isLessThan(new OrderedHiddenHttpMethodFilter().getOrder())
              .isLessThan(OrderedFilter.REQUEST_WRAPPER_FILTER_MAX_ORDER - 100);
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
          serviceidentity.web.rules[0].pattern=/admin/**      | serviceidentity.web.rules[0]: demands nothing
          serviceidentity.web.developer-profile=!prod         | serviceidentity.web.developer-profile: is no name
          serviceidentity.web.developer-profile=a&b           | serviceidentity.web.developer-profile: is no name
          serviceidentity.web.developer-profile=              | serviceidentity.web.developer-profile: is no name
          serviceidentity.web.public-path=/health             | serviceidentity.web.public-path
          """)
  void whatIsWrongWithARuleIsSaidInTermsOfProperties(String property, String message) {
    web.withPropertyValues(property)
        .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
  }

  @Test
  void aRuleThatNoCallerCanMeetIsRefused(@TempDir Path folder) {
    var orders =
        IdentityContexts.configured(IdentityContexts.web(), folder)
            .withPropertyValues(
                "serviceidentity.web.rules[0].pattern=/orders/**",
                "serviceidentity.web.rules[0].mechanism=mtls");
    orders.run(context -> assertThat(context).hasNotFailed());
    orders
        .withPropertyValues(
            "serviceidentity.web.rules[1].pattern=/admin/**",
            "serviceidentity.web.rules[1].mechanism=kerberos")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(
                        "serviceidentity.web.rules[1].mechanism: is kerberos, which is not"
                            + " configured"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"service-accounts", "principals", "principals-like", "mechanism"})
  void aRuleForAListThatNamesNobodyIsNotForEverybody(String part) {
    web.withPropertyValues(
            "serviceidentity.web.rules[0].pattern=/admin/**",
            "serviceidentity.web.rules[0]." + part + "=${ADMINS:}",
            "serviceidentity.web.rules[0].report-only.network-until=2099-01-31T00:00:00Z")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("serviceidentity.web.rules[0]." + part + ": "));
  }

  @ParameterizedTest
  @CsvSource({"dev,dev,true", "dev,prod,false", "default,,false", "dev,,false", ",dev,false"})
  void callersAreToldWhyOnlyIfTheProfileIsNamedAndActive(
      String named, String active, boolean told) {
    web.withPropertyValues(
            named == null ? "x=y" : "serviceidentity.web.developer-profile=" + named,
            active == null ? "x=y" : "spring.profiles.active=" + active)
        .run(context -> assertThat(answer(context).contains("explanation")).isEqualTo(told));
  }

  private static String answer(AssertableWebApplicationContext context) throws Exception {
    var response = new MockHttpServletResponse();
    context
        .getBean(IdentityFilter.class)
        .doFilter(new MockHttpServletRequest("GET", "/orders"), response, new MockFilterChain());
    assertThat(response.getStatus()).isBetween(400, 599);
    return response.getContentAsString();
  }

  private static ServiceIdentity orders() {
    return FakeServiceIdentity.of("mtls:spiffe://shop.example/ns/shop/sa/orders");
  }
}
