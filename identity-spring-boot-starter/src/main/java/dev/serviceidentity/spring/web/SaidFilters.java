// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.IdentityFilterBuilder;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.jakarta.Roles;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import dev.serviceidentity.spring.properties.WebProperties;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.env.Environment;

/** Makes the filters of what is said by properties and beans, alike but for their rules. */
record SaidFilters(
    ServiceIdentity identity,
    RequestEvidence evidence,
    Roles roles,
    Optional<String> developerProfile) {
  static SaidFilters of(BeanFactory beans) {
    AdmissionObserver observer =
        beans
            .getBeanProvider(AdmissionObserver.class)
            .getIfAvailable(() -> unobserved -> unobserved);
    return new SaidFilters(
        observer.observing(beans.getBean(ServiceIdentity.class)),
        beans.getBean(RequestEvidence.class),
        beans.getBeanProvider(Roles.class).getIfAvailable(Roles::none),
        DeveloperProfile.active(
            beans.getBean(WebProperties.class).developerProfile(),
            beans.getBean(Environment.class)));
  }

  IdentityFilter filter(PathRules rules) {
    IdentityFilterBuilder builder =
        IdentityFilter.builder(identity).evidence(evidence).rules(rules).roles(roles);
    developerProfile.ifPresent(builder::developerProfile);
    return builder.build();
  }

  static FilterRegistrationBean<IdentityFilter> registration(IdentityFilter filter, int order) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(order);
    registration.setDispatcherTypes(IdentityFilter.dispatches());
    registration.setAsyncSupported(true);
    return registration;
  }
}
