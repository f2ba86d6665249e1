// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.observe;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.web.AdmissionObserver;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Tells the application's observations of each admission by the filter. */
@AutoConfiguration(
    afterName = {
      "dev.serviceidentity.spring.ServiceIdentityAutoConfiguration",
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
    })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ServiceIdentity.class, ObservationRegistry.class})
public final class IdentityObserveAutoConfiguration {
  /** Made by Spring. */
  public IdentityObserveAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  AdmissionConvention serviceIdentityAdmissionConvention() {
    return new AdmissionConvention() {};
  }

  @Bean
  @ConditionalOnMissingBean
  AdmissionObserver serviceIdentityAdmissionObserver(
      ObservationRegistry registry, AdmissionConvention convention) {
    return identity -> ObservedIdentity.of(identity, registry, convention);
  }
}
