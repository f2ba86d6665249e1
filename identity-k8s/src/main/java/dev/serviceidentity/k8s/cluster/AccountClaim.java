// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.util.Objects;

/**
 * What a ServiceAccount says in its annotation {@value #ANNOTATION}. A claim only: whoever may
 * write the object can claim any name.
 *
 * @param account the ServiceAccount
 * @param principal the name that it claims
 * @param believed whether it can have the name; false if the object is disputed or malformed, or
 *     another that may claim the same name cannot be read. It then still keeps the name from others
 */
public record AccountClaim(ServiceAccountName account, PrincipalId principal, boolean believed) {
  /** The annotation that holds the claim, as a principal's canonical text or a SPIFFE ID. */
  public static final String ANNOTATION = "serviceidentity.dev/principal";

  /**
   * Checks that nothing is missing.
   *
   * @param account the ServiceAccount
   * @param principal the name that it claims
   * @param believed whether it can have the name
   */
  public AccountClaim {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(principal, "principal");
  }
}
