// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.k8s.VisibleCluster;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Each part comes where it can be used, and gives way. */
class ActuateAutoConfigurationTest {
  private static final String[] SWITCHED_ON = {
    "management.endpoint.serviceidentity.access=READ_ONLY",
    "management.endpoints.web.exposure.include=serviceidentity"
  };

  private final ApplicationContextRunner bare =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  IdentityHealthAutoConfiguration.class,
                  IdentityInfoAutoConfiguration.class,
                  IdentityEndpointAutoConfiguration.class));

  private final ApplicationContextRunner service =
      bare.withBean(
          ServiceIdentity.class,
          () -> FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders"));

  @Test
  void withoutAnIdentityThereIsNothing() {
    bare.withPropertyValues(SWITCHED_ON)
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(HealthIndicator.class)
                    .doesNotHaveBean(InfoContributor.class)
                    .doesNotHaveBean(RightsEndpoint.class));
  }

  @Test
  void healthAndInfoAreThereAndTheEndpointIsNot() {
    service.run(
        context ->
            assertThat(context)
                .hasBean("serviceIdentityHealthIndicator")
                .hasBean("serviceIdentityInfoContributor")
                .doesNotHaveBean(RightsEndpoint.class));
  }

  @Test
  void theEndpointIsThereOnceItIsSwitchedOnAndExposed() {
    service
        .withPropertyValues(SWITCHED_ON)
        .run(context -> assertThat(context).hasSingleBean(RightsEndpoint.class));
    service
        .withPropertyValues(SWITCHED_ON[0])
        .run(context -> assertThat(context).doesNotHaveBean(RightsEndpoint.class));
  }

  @Test
  void withoutAViewOfAClusterThereIsNoEndpoint() {
    service
        .withPropertyValues(SWITCHED_ON)
        .withClassLoader(new FilteredClassLoader(VisibleCluster.class))
        .run(
            context ->
                assertThat(context).hasNotFailed().doesNotHaveBean("serviceIdentityEndpoint"));
  }

  @Test
  void withoutActuatorThereIsNothing() {
    service
        .withClassLoader(
            new FilteredClassLoader(InfoContributor.class, HealthEndpointProperties.class))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean("serviceIdentityInfoContributor")
                    .doesNotHaveBean("serviceIdentityReadinessMembership"));
    service
        .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean("serviceIdentityHealthIndicator"));
  }

  @Test
  void eachBeanGivesWayToOneOfTheSameName() {
    HealthIndicator own = () -> Health.outOfService().build();
    InfoContributor info = builder -> builder.withDetail("own", true);
    service
        .withBean("serviceIdentityHealthIndicator", HealthIndicator.class, () -> own)
        .withBean("serviceIdentityInfoContributor", InfoContributor.class, () -> info)
        .run(
            context -> {
              assertThat(context.getBean(HealthIndicator.class)).isSameAs(own);
              assertThat(context.getBean(InfoContributor.class)).isSameAs(info);
            });
  }

  @Test
  void aPathWhereALayerOnlyReportsDegradesHealthUntilItEnds() {
    assertThat(reportingUntil(Instant.MAX).getDetails())
        .containsEntry("identity", dev.serviceidentity.identity.Health.Status.DEGRADED)
        .hasEntrySatisfying(
            "path-rules", part -> assertThat(part).asString().contains("/legacy/**", "NETWORK"));
    assertThat(reportingUntil(Instant.MAX).getStatus()).isEqualTo(Status.UP);
    assertThat(reportingUntil(Instant.EPOCH).getDetails()).doesNotContainKey("path-rules");
  }

  @Test
  void theRulesOfTheFilterCountAndNotThoseBesideIt() {
    var lax = AccessRule.usual().reportOnly(Layer.NETWORK, Instant.MAX);
    var own = PathRules.builder().path("/legacy/**", lax).build();
    service
        .withBean(PathRules.class, PathRules::none)
        .withBean(
            IdentityFilter.class,
            () ->
                IdentityFilter.builder(FakeServiceIdentity.of("kerberos:HTTP/orders@SHOP.EXAMPLE"))
                    .rules(own)
                    .build())
        .run(
            context ->
                assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                    .containsKey("path-rules"));
  }

  private Health reportingUntil(Instant end) {
    var lax = AccessRule.usual().reportOnly(Layer.NETWORK, end);
    var rules = PathRules.builder().path("/legacy/**", lax).build();
    var found = new Health[1];
    service
        .withBean(PathRules.class, () -> rules)
        .run(context -> found[0] = context.getBean(HealthIndicator.class).health());
    return found[0];
  }
}
