// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.jakarta.Roles;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;

/**
 * Grants access to callers that have proven an identity to this service, and not to whoever else
 * Spring Security has authenticated.
 *
 * <pre>{@code
 * http.authorizeHttpRequests(requests -> requests
 *     .requestMatchers("/admin/**").access(CallerAuthorization.serviceAccounts("shop/admin"))
 *     .anyRequest().access(CallerAuthorization.admitted()));
 * }</pre>
 *
 * <p>Works for requests and for methods alike. Thread-safe.
 */
public final class CallerAuthorization implements AuthorizationManager<Object> {
  private static final String ALLOWED = "allowed";

  private final Predicate<Admitted> rule;

  private CallerAuthorization(Predicate<Admitted> rule) {
    this.rule = rule;
  }

  /**
   * Everybody whose request was admitted.
   *
   * @return the rule
   */
  public static CallerAuthorization admitted() {
    return new CallerAuthorization(admitted -> true);
  }

  /**
   * Those whose request was admitted and who run as one of these.
   *
   * @param accounts each as namespace/name
   * @return the rule
   * @throws IllegalArgumentException if one is malformed
   */
  public static CallerAuthorization serviceAccounts(String... accounts) {
    return allowing(AllowedCallers.serviceAccounts(accounts));
  }

  /**
   * Those whose request was admitted and whom a rule names.
   *
   * @param callers is asked about no path, so that a rule that counts {@code onPath} names nobody
   * @return the rule
   */
  public static CallerAuthorization allowing(AllowedCallers callers) {
    Roles roles = Roles.of(Map.of(ALLOWED, Objects.requireNonNull(callers, "callers")));
    return new CallerAuthorization(admitted -> roles.isInRole(admitted, ALLOWED));
  }

  /**
   * Of these callers, those who have proven who they are by a mechanism among others.
   *
   * @param mechanism the mechanism
   * @return a new rule
   */
  public CallerAuthorization by(MechanismName mechanism) {
    Objects.requireNonNull(mechanism, "mechanism");
    return new CallerAuthorization(
        rule.and(
            admitted ->
                admitted.callers().stream()
                    .anyMatch(caller -> caller.principal().mechanism().equals(mechanism))));
  }

  @Override
  public AuthorizationDecision authorize(
      Supplier<? extends @Nullable Authentication> authentication, Object secured) {
    return new AuthorizationDecision(
        authentication.get() instanceof CallerAuthentication caller
            && caller.isAuthenticated()
            && rule.test(caller.admitted()));
  }
}
