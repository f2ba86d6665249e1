// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.caller.Caller;
import java.security.Principal;
import java.util.Objects;

/**
 * Who calls, as {@code HttpServletRequest.getUserPrincipal()} tells it behind an {@link
 * IdentityFilter}.
 *
 * @param caller the verified caller, by the first configured mechanism that proved it
 */
public record CallerPrincipal(Caller caller) implements Principal {
  /**
   * Checks that nothing is missing.
   *
   * @param caller the verified caller
   */
  public CallerPrincipal {
    Objects.requireNonNull(caller, "caller");
  }

  /**
   * The principal's canonical text, which {@code PrincipalId.parse} reads back: {@code
   * mtls:spiffe://shop.example/ns/shop/sa/web}.
   */
  @Override
  public String getName() {
    return caller.principal().toString();
  }
}
