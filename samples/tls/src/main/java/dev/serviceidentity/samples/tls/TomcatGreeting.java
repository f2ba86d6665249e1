// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Greets the callers that are admitted. */
final class TomcatGreeting extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient ServiceIdentity identity;

  TomcatGreeting(ServiceIdentity identity) {
    this.identity = identity;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    AccessDecision decision = identity.admit(evidence(request));
    decision.applyTo(response::addHeader);
    if (decision instanceof Refused refused) {
      response.setStatus(refused.httpStatus());
      response.getWriter().print(refused.publicReason());
    } else if (decision instanceof Admitted admitted) {
      response.getWriter().print("hello " + admitted.caller().principal());
    }
  }

  private static CallerEvidence evidence(HttpServletRequest request) {
    return CallerEvidence.of(
            new InetSocketAddress(request.getRemoteAddr(), request.getRemotePort()),
            new InetSocketAddress(request.getLocalAddr(), request.getLocalPort()))
        .headers(headers(request))
        .tlsSession(TomcatSessions.of(request))
        .request(request.getMethod(), request.getRequestURI());
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    return Collections.list(request.getHeaderNames()).stream()
        .collect(
            Collectors.toMap(
                Function.identity(), name -> Collections.list(request.getHeaders(name))));
  }
}
