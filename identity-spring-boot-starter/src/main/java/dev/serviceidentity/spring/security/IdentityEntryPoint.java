// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.Refused;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.ProblemAnswers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Answers nobody as the {@link IdentityFilter} answers those whom it refuses; that one has written
 * the challenges. Where the filter has not judged, there are none to write: a path is public for it
 * and not for Spring Security, which is a mistake and is answered with 403.
 */
public final class IdentityEntryPoint implements AuthenticationEntryPoint {
  private static final Logger LOGGER = System.getLogger(IdentityEntryPoint.class.getName());

  /** Makes an entry point. */
  public IdentityEntryPoint() {}

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
      throws IOException {
    if (request.getAttribute(IdentityFilter.DECISION) instanceof Refused refused) {
      ProblemAnswers.write(refused, request, response);
      return;
    }
    LOGGER.log(
        Level.DEBUG,
        "Spring Security wants to know who calls, and the identity filter was not asked: the path is"
            + " public for it, or it does not stand before Spring Security's filters");
    // RFC 9110 section 15.5.2: a 401 has a challenge.
    ProblemAnswers.write(HttpServletResponse.SC_FORBIDDEN, request, response);
  }
}
