// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.identity.MechanismName;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;

/** A request of which the application can ask who sent it. */
final class AdmittedRequest extends HttpServletRequestWrapper {
  private final Admitted admitted;
  private final CallerPrincipal principal;
  private final Roles roles;

  AdmittedRequest(HttpServletRequest request, Admitted admitted, Roles roles) {
    super(request);
    this.admitted = admitted;
    this.principal = new CallerPrincipal(admitted.caller());
    this.roles = roles;
  }

  @Override
  public Principal getUserPrincipal() {
    return principal;
  }

  @Override
  public String getRemoteUser() {
    return principal.getName();
  }

  @Override
  public String getAuthType() {
    MechanismName mechanism = principal.caller().principal().mechanism();
    return mechanism.equals(MechanismName.MTLS) ? CLIENT_CERT_AUTH : mechanism.value();
  }

  /** Jakarta Servlet 6.1 section 13.3 says who has the two roles of stars. */
  @Override
  public boolean isUserInRole(String role) {
    return switch (role) {
      case "*" -> false;
      case "**" -> true;
      default -> roles.isInRole(admitted, role);
    };
  }

  @Override
  public boolean authenticate(HttpServletResponse response) {
    return true;
  }

  @Override
  public void login(String username, String password) throws ServletException {
    throw new ServletException(
        "This request has proven to come from "
            + principal.getName()
            + " and has no other user: remove the call of login");
  }

  @Override
  public void logout() throws ServletException {
    throw new ServletException(
        "Callers prove themselves with each request or connection, so that there is no session to"
            + " end: remove the call of logout, and take the caller out of AllowedCallers if it is"
            + " not to call again");
  }
}
