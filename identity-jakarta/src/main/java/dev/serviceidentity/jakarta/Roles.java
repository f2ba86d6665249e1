// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.AllowedCallers.Call;
import java.util.Map;

/**
 * Says which callers have which of an application's roles, for {@code
 * HttpServletRequest.isUserInRole}.
 *
 * <pre>{@code
 * Roles roles = Roles.of(Map.of(
 *     "reader", AllowedCallers.serviceAccounts("shop/web", "shop/batch"),
 *     "operator", AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE")));
 * }</pre>
 *
 * <p>Thread-safe. Never asked about {@code *}, which nobody has, and {@code **}, which everybody
 * has who was admitted (Jakarta Servlet 6.1 section 13.3).
 */
@FunctionalInterface
public interface Roles {
  /**
   * Says whether whoever was admitted has a role.
   *
   * @param admitted the decision about this request
   * @param role the role's name, as the application asks for it
   * @return true if so
   */
  boolean isInRole(Admitted admitted, String role);

  /**
   * Nobody has any role.
   *
   * @return the default
   */
  static Roles none() {
    return (admitted, role) -> false;
  }

  /**
   * Roles by the rules that say who may call. A caller that was proven by several mechanisms has
   * the role if one of its names has it.
   *
   * @param callers for each role who has it. They are asked about no path, so that a rule that
   *     counts {@code onPath} gives a role to nobody
   * @return the roles
   * @throws IllegalArgumentException if a role is called {@code *} or {@code **}
   */
  static Roles of(Map<String, AllowedCallers> callers) {
    Map<String, AllowedCallers> byRole = Map.copyOf(callers);
    if (byRole.containsKey("*") || byRole.containsKey("**")) {
      throw new IllegalArgumentException(
          "The Servlet specification says who has the roles '*' and '**': name others");
    }
    return (admitted, role) -> {
      AllowedCallers rule = byRole.get(role);
      return rule != null
          && admitted.callers().stream()
              .map(caller -> new Call(caller, admitted.serviceAccount().orElse(null), "", ""))
              .anyMatch(rule::allows);
    };
  }
}
