// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;

/** The application has no user of its own by Spring Boot's properties. */
final class NobodySetAPassword extends NoneNestedConditions {
  NobodySetAPassword() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @ConditionalOnProperty("spring.security.user.name")
  static final class Named {}

  @ConditionalOnProperty("spring.security.user.password")
  static final class WithPassword {}
}
