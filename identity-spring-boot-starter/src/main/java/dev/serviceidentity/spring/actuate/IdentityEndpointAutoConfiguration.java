// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.k8s.VisibleCluster;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The endpoint that says who may call, for those who have switched it on and exposed it. */
@AutoConfiguration(afterName = "dev.serviceidentity.spring.ServiceIdentityAutoConfiguration")
@ConditionalOnClass({ConditionalOnAvailableEndpoint.class, VisibleCluster.class})
@ConditionalOnBean(ServiceIdentity.class)
@ConditionalOnAvailableEndpoint(RightsEndpoint.class)
public final class IdentityEndpointAutoConfiguration {
  /** Made by Spring. */
  public IdentityEndpointAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  RightsEndpoint serviceIdentityEndpoint(
      ServiceIdentity identity, BeanFactory beans, Environment environment) {
    return new RightsEndpoint(
        identity, new FilterRules(beans)::inForce, () -> ownPort(environment), Clock.systemUTC());
  }

  /** Where the application listens, and not its management port. */
  private static Optional<String> ownPort(Environment environment) {
    return Optional.ofNullable(environment.getProperty("local.server.port"))
        .or(() -> Optional.ofNullable(environment.getProperty("server.port")))
        .filter(port -> !port.equals("0"));
  }
}
