// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.roles;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.jakarta.Roles;
import dev.serviceidentity.spring.ServiceIdentityAutoConfiguration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Roles by {@code serviceidentity.authorization.roles}, for the filter and Spring Security alike.
 */
@AutoConfiguration(after = ServiceIdentityAutoConfiguration.class)
@ConditionalOnBean(ServiceIdentity.class)
@EnableConfigurationProperties(RolesProperties.class)
public final class IdentityRolesAutoConfiguration {
  /** Made by Spring. */
  public IdentityRolesAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(Roles.class)
  NamedRoles serviceIdentityRoles(RolesProperties said) {
    Map<String, AllowedCallers> callers = new HashMap<>();
    said.roles().forEach((role, who) -> callers.put(role, allowed(role, who)));
    return NamedRoles.of(callers);
  }

  private static AllowedCallers allowed(String role, RolesProperties.Role who) {
    String group = RolesProperties.PREFIX + ".roles." + role;
    return who.callers()
        .allowed(group)
        .orElseThrow(
            () ->
                new IdentityException(
                    IdentityException.Code.CONFIGURATION,
                    group + " names nobody: say service-accounts, principals or principals-like"));
  }
}
