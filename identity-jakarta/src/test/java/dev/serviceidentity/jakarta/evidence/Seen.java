// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.IdentityException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers with whom the identity admits by a request's evidence, or why it does not. */
final class Seen extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Why there was no evidence, in front of the message. */
  static final String UNTOLD = "untold: ";

  private final transient RequestEvidence evidence;
  private final transient ServiceIdentity identity;
  private final transient BlockingQueue<CallerEvidence> seen = new LinkedBlockingQueue<>();

  /** What the application itself would have believed: address, security, certificates. */
  private final transient BlockingQueue<String> told = new LinkedBlockingQueue<>();

  Seen(RequestEvidence evidence, ServiceIdentity identity) {
    this.evidence = evidence;
    this.identity = identity;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    told.add(
        request.getRemoteAddr()
            + " "
            + request.isSecure()
            + " "
            + (request.getAttribute("jakarta.servlet.request.X509Certificate") != null));
    byte[] answer = answer(request).getBytes(StandardCharsets.UTF_8);
    response.setContentLength(answer.length);
    response.getOutputStream().write(answer);
  }

  private String answer(HttpServletRequest request) {
    CallerEvidence brought;
    try {
      brought = evidence.of(request);
    } catch (IdentityException untold) {
      return UNTOLD + untold.getMessage();
    }
    seen.add(brought);
    AccessDecision decision = identity.admit(brought.request("GET", "/orders"));
    return decision instanceof Admitted admitted
        ? admitted.caller().principal().toString()
        : ((Refused) decision).reason().name();
  }

  /** The evidence of the next request that is not yet taken. */
  CallerEvidence next() throws InterruptedException {
    CallerEvidence next = seen.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("No request gave evidence");
    }
    return next;
  }

  String told() throws InterruptedException {
    return String.valueOf(told.poll(60, TimeUnit.SECONDS));
  }
}
