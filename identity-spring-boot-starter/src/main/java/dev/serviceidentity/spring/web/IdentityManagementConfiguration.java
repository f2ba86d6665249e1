// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.WebProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Guards Actuator where it has a port of its own: the filters of the application are not in the
 * context that Spring Boot makes for that port.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean({IdentityFilter.class, WebProperties.class})
class IdentityManagementConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentityManagementFilterRegistration")
  FilterRegistrationBean<IdentityFilter> serviceIdentityManagementFilterRegistration(
      IdentityFilter filter, ObjectProvider<SaidFilters> filters, WebProperties said) {
    IdentityFilter guard =
        said.managementPublicPaths().isEmpty()
            ? filter
            : filters
                .getIfAvailable(IdentityManagementConfiguration::refuseBeside)
                .filter(new SaidPathRules(said).managementRules());
    return SaidFilters.registration(guard, said.order());
  }

  private static SaidFilters refuseBeside() {
    throw Misconfiguration.of(
        SaidPathRules.MANAGEMENT,
        "is not read beside a bean of type PathRules or IdentityFilter, which counts at the"
            + " management port, too; let its rules name the public paths");
  }
}
