// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import java.util.Objects;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/**
 * Lets a chain of the application's know the callers that the identity filter before it has
 * admitted:
 *
 * <pre>{@code
 * @Bean
 * SecurityFilterChain chain(HttpSecurity http, IdentitySecurityConfigurer identity) {
 *   return http.with(identity, Customizer.withDefaults())
 *       .authorizeHttpRequests(requests -> requests
 *           .requestMatchers("/admin/**").hasRole("operator")
 *           .anyRequest().authenticated())
 *       .csrf(CsrfConfigurer::disable)   // where no browser calls
 *       .build();
 * }
 * }</pre>
 *
 * <p>The chain keeps no session, and answers whom it refuses as the filter does. Whether it
 * protects against CSRF stays its own matter: browsers show certificates and tickets without being
 * asked. Use one configurer for one chain.
 */
public final class IdentitySecurityConfigurer
    extends AbstractHttpConfigurer<IdentitySecurityConfigurer, HttpSecurity> {
  private final IdentityAuthenticationConverter converter;
  private final IdentityAuthenticationProvider provider;
  private final IdentityEntryPoint entryPoint;
  private final IdentityAccessDeniedHandler denied;

  /**
   * Makes a configurer for one chain.
   *
   * @param converter finds the decision
   * @param provider takes it over
   * @param entryPoint answers nobody
   * @param denied answers those who may not
   */
  public IdentitySecurityConfigurer(
      IdentityAuthenticationConverter converter,
      IdentityAuthenticationProvider provider,
      IdentityEntryPoint entryPoint,
      IdentityAccessDeniedHandler denied) {
    this.converter = Objects.requireNonNull(converter, "converter");
    this.provider = Objects.requireNonNull(provider, "provider");
    this.entryPoint = Objects.requireNonNull(entryPoint, "entryPoint");
    this.denied = Objects.requireNonNull(denied, "denied");
  }

  /** Sets what the application may still set otherwise, in the chain's further lines. */
  @Override
  public void setBuilder(HttpSecurity http) {
    super.setBuilder(http);
    // Later, the configurer of sessions would have begun already.
    http.exceptionHandling(
            answers -> answers.authenticationEntryPoint(entryPoint).accessDeniedHandler(denied))
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
  }

  @Override
  public void configure(HttpSecurity http) {
    // Nobody else is asked about callers, so that what was refused stays refused.
    var filter = new AuthenticationFilter(new ProviderManager(provider), converter);
    filter.setSuccessHandler((request, response, authentication) -> {});
    filter.setFailureHandler(new AuthenticationEntryPointFailureHandler(entryPoint));
    http.addFilterBefore(filter, BasicAuthenticationFilter.class);
  }
}
