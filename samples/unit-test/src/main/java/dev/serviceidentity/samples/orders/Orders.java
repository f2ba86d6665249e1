// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.orders;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Shows orders to the services that may see them. */
final class Orders implements HttpHandler {
  private final ServiceIdentity identity;
  private final Map<String, String> orders;

  /** What is answered to one request. */
  record Answer(int status, String text, AccessDecision decision) {}

  Orders(ServiceIdentity identity, Map<String, String> orders) {
    this.identity = identity;
    this.orders = Map.copyOf(orders);
  }

  /** Who may call, which is the same in production and in tests; mechanisms and network are not. */
  static ServiceIdentityBuilder identity() {
    return ServiceIdentity.builder().allow(AllowedCallers.serviceAccounts("shop/web"));
  }

  Answer answer(CallerEvidence request) {
    AccessDecision decision = identity.admit(request);
    if (decision instanceof Refused refused) {
      return new Answer(refused.httpStatus(), refused.publicReason(), decision);
    }
    String order = orders.get(request.path());
    return order == null
        ? new Answer(404, "no such order", decision)
        : new Answer(200, order, decision);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(evidence(exchange));
      answer.decision().applyTo(exchange.getResponseHeaders()::add);
      byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static CallerEvidence evidence(HttpExchange exchange) {
    return CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
        .headers(exchange.getRequestHeaders())
        .request(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
  }
}
