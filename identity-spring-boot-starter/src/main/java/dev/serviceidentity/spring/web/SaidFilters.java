// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.IdentityFilterBuilder;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.jakarta.Roles;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** Makes the filters of what is said by properties and beans, alike but for their rules. */
record SaidFilters(
    ServiceIdentity identity, RequestEvidence evidence, Roles roles, DeveloperProfile developers) {
  static SaidFilters of(BeanFactory beans, DeveloperProfile developers) {
    ServiceIdentity identity = beans.getBean(ServiceIdentity.class);
    AdmissionObserver observer =
        beans
            .getBeanProvider(AdmissionObserver.class)
            .getIfAvailable(() -> unobserved -> unobserved);
    return new SaidFilters(
        observer.observing(identity),
        beans.getBean(RequestEvidence.class),
        beans.getBeanProvider(Roles.class).getIfAvailable(Roles::none),
        developers);
  }

  IdentityFilter filter(PathRules rules) {
    IdentityFilterBuilder builder =
        IdentityFilter.builder(identity).evidence(evidence).rules(rules).roles(roles);
    developers.active().ifPresent(builder::developerProfile);
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
