// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.IdentityFilterBuilder;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.jakarta.Roles;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.Optional;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** Makes the filters of what is said by properties and beans, alike but for their rules. */
record SaidFilters(
    ServiceIdentity identity,
    RequestEvidence evidence,
    Roles roles,
    Optional<String> developerProfile) {
  IdentityFilter filter(PathRules rules) {
    IdentityFilterBuilder builder =
        IdentityFilter.builder(identity).evidence(evidence).rules(rules).roles(roles);
    developerProfile.ifPresent(builder::developerProfile);
    return builder.build();
  }

  static FilterRegistrationBean<IdentityFilter> registration(IdentityFilter filter, int order) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(order);
    registration.setDispatcherTypes(
        EnumSet.of(
            DispatcherType.REQUEST,
            DispatcherType.ASYNC,
            DispatcherType.FORWARD,
            DispatcherType.INCLUDE,
            DispatcherType.ERROR));
    registration.setAsyncSupported(true);
    return registration;
  }
}
