// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.spring.roles.NamedRoles;
import java.util.Collection;
import java.util.stream.Collectors;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Says what a caller may do in the application. Thread-safe; a bean of it replaces the usual one.
 */
@FunctionalInterface
public interface CallerAuthorities {
  /**
   * What a caller may do.
   *
   * @param admitted the decision about its request
   * @return its authorities
   */
  Collection<GrantedAuthority> of(Admitted admitted);

  /**
   * {@code ROLE_} and the name of each role.
   *
   * @param roles who has which
   * @return the usual authorities
   */
  static CallerAuthorities of(NamedRoles roles) {
    return admitted ->
        roles.of(admitted).stream()
            .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
            .collect(Collectors.toUnmodifiableList());
  }
}
