// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.jakarta.ProblemAnswers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Answers callers that were admitted, and may not do what they ask for, as the {@link
 * IdentityFilter} answers those whom it refuses: with the id of the decision that has admitted
 * them, by which an operator finds who they are.
 */
public final class IdentityAccessDeniedHandler implements AccessDeniedHandler {
  private static final Logger LOGGER =
      System.getLogger(IdentityAccessDeniedHandler.class.getName());

  /** Makes a handler. */
  public IdentityAccessDeniedHandler() {}

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
      throws IOException {
    if (request.getAttribute(IdentityFilter.DECISION) instanceof Admitted admitted) {
      LOGGER.log(
          Level.DEBUG,
          () -> "Decision " + admitted.id() + ", then denied by Spring Security: " + why);
      ProblemAnswers.write(
          Refused.of(
              admitted.id(),
              new Refusal(
                  Layer.CALLER, RefusalReason.NOT_ALLOWED, String.valueOf(why.getMessage())),
              List.of()),
          request,
          response);
    } else {
      ProblemAnswers.write(HttpServletResponse.SC_FORBIDDEN, request, response);
    }
  }
}
