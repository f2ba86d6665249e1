// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.test;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.jakarta.evidence.ContainerEvidence;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.spring.AllowSettings;
import dev.serviceidentity.spring.properties.AllowProperties;
import dev.serviceidentity.testkit.FakeMechanism;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The identity in memory, in the place of the one that the application's properties describe. */
@AutoConfiguration(
    beforeName = {
      "dev.serviceidentity.spring.ServiceIdentityAutoConfiguration",
      "dev.serviceidentity.spring.roles.IdentityRolesAutoConfiguration",
      "dev.serviceidentity.spring.security.IdentitySecurityAutoConfiguration",
      "dev.serviceidentity.spring.web.IdentityWebAutoConfiguration"
    })
@EnableConfigurationProperties(AllowProperties.class)
public final class TestIdentityAutoConfiguration {
  /** Made by Spring. */
  public TestIdentityAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  ServiceIdentity serviceIdentity(BeanFactory beans, Environment environment) {
    String[] principals =
        Binder.get(environment)
            .bind("spring.test.serviceidentity.principals", String[].class)
            .get();
    ServiceIdentityBuilder builder = ServiceIdentity.builder();
    for (String principal : principals) {
      builder.mechanism(FakeMechanism.of(PrincipalId.parse(principal)));
    }
    ClusterNetwork network = beans.getBeanProvider(ClusterNetwork.class).getIfAvailable();
    if (network == null) {
      builder.trustIdentityAlone();
    } else {
      builder.network(network);
    }
    AllowSettings.of(beans).applyTo(builder);
    return builder.open();
  }

  /** A mocked request says where it comes from as the specification has it, and no container. */
  @Bean
  @ConditionalOnMissingBean
  RequestEvidence serviceIdentityEvidence(ServiceIdentity identity) {
    return ContainerEvidence.detecting(identity).believingOtherContainers();
  }
}
