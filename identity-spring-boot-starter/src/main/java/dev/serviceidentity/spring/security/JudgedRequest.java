// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.AccessDecision;
import java.io.Serial;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A request that the filter has judged, on its way to the provider. */
final class JudgedRequest extends AbstractAuthenticationToken {
  @Serial private static final long serialVersionUID = 1;

  private final transient AccessDecision decision;

  JudgedRequest(AccessDecision decision) {
    super(List.of());
    this.decision = decision;
  }

  AccessDecision decision() {
    return decision;
  }

  @Override
  public Object getPrincipal() {
    return decision;
  }

  /** Returns nothing that is secret: the decision is what there is. */
  @Override
  public Object getCredentials() {
    return decision;
  }
}
