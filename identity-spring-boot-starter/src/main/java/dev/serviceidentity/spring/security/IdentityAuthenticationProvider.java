// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;

/** Takes callers as authenticated that were admitted, with what they may do in the application. */
public final class IdentityAuthenticationProvider implements AuthenticationProvider {
  private final CallerAuthorities authorities;

  /**
   * Makes a provider.
   *
   * @param authorities says what a caller may do
   */
  public IdentityAuthenticationProvider(CallerAuthorities authorities) {
    this.authorities = Objects.requireNonNull(authorities, "authorities");
  }

  /**
   * Takes over the decision.
   *
   * @throws RequestRefusedException if the request was refused
   */
  @Override
  public @Nullable Authentication authenticate(Authentication request) {
    if (!(request instanceof JudgedRequest judged)) {
      return null;
    }
    AccessDecision decision = judged.decision();
    if (decision instanceof Admitted admitted) {
      return CallerAuthentication.of(admitted, authorities.of(admitted));
    }
    throw new RequestRefusedException((Refused) decision);
  }

  @Override
  public boolean supports(Class<?> kind) {
    return JudgedRequest.class.isAssignableFrom(kind);
  }
}
