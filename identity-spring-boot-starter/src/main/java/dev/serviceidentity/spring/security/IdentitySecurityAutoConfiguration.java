// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.spring.roles.IdentityRolesAutoConfiguration;
import dev.serviceidentity.spring.roles.NamedRoles;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Scope;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;

/**
 * Offers what an application's own chain of filters needs to know callers. It registers no chain.
 *
 * <p>Spring Security takes a bean of type {@code AuthenticationProvider} as the one that everybody
 * logs in by, and then asks no {@code UserDetailsService}: there is such a bean only if the
 * application has no users with passwords. Spring Boot then makes none up either.
 */
@AutoConfiguration(
    after = IdentityRolesAutoConfiguration.class,
    before = UserDetailsServiceAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({HttpSecurity.class, UserDetailsServiceAutoConfiguration.class})
@ConditionalOnBean(ServiceIdentity.class)
public final class IdentitySecurityAutoConfiguration {
  /** Made by Spring. */
  public IdentitySecurityAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  CallerAuthorities callerAuthorities(ObjectProvider<NamedRoles> roles) {
    NamedRoles named = roles.getIfAvailable();
    // Roles of the application's own can be asked for, but not listed.
    return named == null ? admitted -> List.of() : CallerAuthorities.of(named);
  }

  @Bean
  @ConditionalOnMissingBean
  IdentityAuthenticationConverter identityAuthenticationConverter() {
    return new IdentityAuthenticationConverter();
  }

  @Bean
  @Conditional(NobodySetAPassword.class)
  @ConditionalOnMissingBean({
    AuthenticationProvider.class,
    AuthenticationManager.class,
    UserDetailsService.class
  })
  IdentityAuthenticationProvider identityAuthenticationProvider(CallerAuthorities authorities) {
    return new IdentityAuthenticationProvider(authorities);
  }

  @Bean
  @ConditionalOnMissingBean
  CallerAuthorization callerAuthorization() {
    return CallerAuthorization.admitted();
  }

  @Bean
  @ConditionalOnMissingBean
  IdentityEntryPoint identityEntryPoint() {
    return new IdentityEntryPoint();
  }

  @Bean
  @ConditionalOnMissingBean
  IdentityAccessDeniedHandler identityAccessDeniedHandler() {
    return new IdentityAccessDeniedHandler();
  }

  @Bean
  @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
  @ConditionalOnMissingBean
  IdentitySecurityConfigurer identitySecurityConfigurer(
      IdentityAuthenticationConverter converter,
      CallerAuthorities authorities,
      IdentityEntryPoint entryPoint,
      IdentityAccessDeniedHandler denied) {
    return new IdentitySecurityConfigurer(
        converter, new IdentityAuthenticationProvider(authorities), entryPoint, denied);
  }
}
