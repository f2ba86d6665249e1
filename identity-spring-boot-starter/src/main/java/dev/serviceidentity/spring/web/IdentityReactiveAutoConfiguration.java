// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.ServiceIdentityAutoConfiguration;
import dev.serviceidentity.spring.properties.ConditionalUnlessOff;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Import;

/**
 * Keeps a reactive application from starting as if it were guarded, unless {@code
 * serviceidentity.web.enabled} is false: the filter is one of servlets.
 */
@AutoConfiguration(after = ServiceIdentityAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBean(ServiceIdentity.class)
@ConditionalUnlessOff("serviceidentity.web.enabled")
@Import(UnguardedReactiveApplication.class)
public final class IdentityReactiveAutoConfiguration {
  /** Made by Spring. */
  public IdentityReactiveAutoConfiguration() {}
}
