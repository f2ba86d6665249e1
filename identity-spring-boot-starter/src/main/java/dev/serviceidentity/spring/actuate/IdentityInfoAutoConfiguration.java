// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.ServiceIdentity;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Who this service is, for the info endpoint. */
@AutoConfiguration(afterName = "dev.serviceidentity.spring.ServiceIdentityAutoConfiguration")
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBean(ServiceIdentity.class)
@ConditionalOnEnabledInfoContributor("serviceidentity")
public final class IdentityInfoAutoConfiguration {
  /** Made by Spring. */
  public IdentityInfoAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentityInfoContributor")
  InfoContributor serviceIdentityInfoContributor(ServiceIdentity identity) {
    return new IdentityInfoContributor(identity);
  }
}
