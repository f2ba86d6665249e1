// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.roles;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.jakarta.Roles;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Roles of which it is known what they are called. Immutable and thread-safe. */
public final class NamedRoles implements Roles {
  private final Set<String> names;
  private final Roles roles;

  private NamedRoles(Map<String, AllowedCallers> callers) {
    this.names = Set.copyOf(callers.keySet());
    this.roles = Roles.of(callers);
  }

  /**
   * Roles by the rules that say who may call.
   *
   * @param callers for each role who has it
   * @return the roles
   * @throws IllegalArgumentException if a role is called {@code *} or {@code **}
   */
  public static NamedRoles of(Map<String, AllowedCallers> callers) {
    return new NamedRoles(callers);
  }

  @Override
  public boolean isInRole(Admitted admitted, String role) {
    return roles.isInRole(admitted, role);
  }

  /**
   * All roles of a caller.
   *
   * @param admitted the decision about a request
   * @return their names
   */
  public Set<String> of(Admitted admitted) {
    return names.stream()
        .filter(role -> isInRole(admitted, role))
        .collect(Collectors.toUnmodifiableSet());
  }
}
