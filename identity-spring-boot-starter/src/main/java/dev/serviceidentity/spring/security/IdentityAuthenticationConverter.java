// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.jakarta.IdentityFilter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Finds what the {@link IdentityFilter} before it has decided, so that no request is judged twice:
 * a Kerberos token that is shown twice is a replay. What the filter has not judged, since its path
 * is public, is nobody's.
 */
public final class IdentityAuthenticationConverter implements AuthenticationConverter {
  /** Makes a converter. */
  public IdentityAuthenticationConverter() {}

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    return request.getAttribute(IdentityFilter.DECISION) instanceof AccessDecision decision
        ? new JudgedRequest(decision)
        : null;
  }
}
