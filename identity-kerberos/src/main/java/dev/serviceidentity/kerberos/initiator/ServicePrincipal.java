// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.mechanism.Target;

/**
 * The principal of the service that somebody wants to call. It is what the user typed: never looked
 * up in the DNS (RFC 4120 section 1.3).
 */
public final class ServicePrincipal {
  private ServicePrincipal() {}

  /**
   * Names the principal. A host belongs to the realm that the configuration says; a principal that
   * the target names without a realm is of our own.
   *
   * @param own our own realm, which is also that of hosts of which nothing is said
   * @throws IdentityException with code {@code CONFIGURATION} if it has no principal's form
   */
  static PrincipalName of(Target target, String own, KerberosConfig config) {
    boolean isNamed = target.servicePrincipal().isPresent();
    return of(target, isNamed ? own : config.realmOf(target.host()).orElse(own));
  }

  /**
   * Names the principal.
   *
   * @param target the service to call
   * @param realm that of the service where the target says none
   * @return its principal
   * @throws IdentityException with code {@code CONFIGURATION} if it has no principal's form
   */
  public static PrincipalName of(Target target, String realm) {
    String text = target.servicePrincipal().orElse(target.serviceClass() + "/" + target.host());
    try {
      return PrincipalName.parse(text.indexOf('@') < 0 ? text + "@" + realm : text);
    } catch (IllegalArgumentException wrong) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The target "
              + target
              + " has no principal: "
              + wrong.getMessage()
              + "; name one with Target.servicePrincipal(...)");
    }
  }
}
