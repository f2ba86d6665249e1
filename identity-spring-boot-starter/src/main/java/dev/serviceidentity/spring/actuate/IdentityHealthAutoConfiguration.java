// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.ServiceIdentity;
import java.time.Clock;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The identity's health, as {@code serviceIdentity}, and its place in the readiness group. */
@AutoConfiguration(afterName = "dev.serviceidentity.spring.ServiceIdentityAutoConfiguration")
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(ServiceIdentity.class)
@ConditionalOnEnabledHealthIndicator("serviceidentity")
public final class IdentityHealthAutoConfiguration {
  /** Made by Spring. */
  public IdentityHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentityHealthIndicator")
  HealthIndicator serviceIdentityHealthIndicator(ServiceIdentity identity, BeanFactory beans) {
    return new IdentityHealthIndicator(
        identity, new FilterRules(beans)::inForce, Clock.systemUTC());
  }

  /** Health endpoints are a part of Actuator that an application can leave out. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      value = HealthEndpointProperties.class,
      name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
  static class Readiness {
    @Bean
    @ConditionalOnMissingBean(name = "serviceIdentityReadinessMembership")
    static ReadinessMembership serviceIdentityReadinessMembership(BeanFactory beans) {
      return new ReadinessMembership(beans);
    }
  }
}
