// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One service of the shop: an HTTPS server that admits or refuses with its own identity. */
final class ShopService implements AutoCloseable {
  /** The response field by which the table finds the access event of a call. */
  static final String DECISION_FIELD = "Shop-Decision";

  private final Member member;
  private final ServiceIdentity identity;
  private final InMemorySink events;
  private final HttpsServer server;
  private final ExecutorService threads;

  private ShopService(
      Member member, ServiceIdentity identity, InMemorySink events, HttpsServer server) {
    this.member = member;
    this.identity = identity;
    this.events = events;
    this.server = server;
    this.threads = Executors.newFixedThreadPool(2);
  }

  static ShopService start(Member member, ServiceIdentity identity, InMemorySink events, int port)
      throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress(member.address(), port), 0);
    var service = new ShopService(member, identity, events, server);
    server.setExecutor(service.threads);
    server.setHttpsConfigurator(configurator(identity.tls()));
    server.createContext("/", service::handle);
    server.start();
    return service;
  }

  Member member() {
    return member;
  }

  ServiceIdentity identity() {
    return identity;
  }

  InMemorySink events() {
    return events;
  }

  URI uri() {
    return URI.create(
        "https://"
            + member.address().getHostAddress()
            + ":"
            + server.getAddress().getPort()
            + "/"
            + member);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    identity.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      AccessDecision decision = identity.admit(evidence((HttpsExchange) exchange));
      decision.applyTo(exchange.getResponseHeaders()::add);
      exchange.getResponseHeaders().add(DECISION_FIELD, decision.id());
      if (decision instanceof Refused refused) {
        respond(exchange, refused.httpStatus(), refused.publicReason());
      } else {
        respond(exchange, 200, "hello from " + member);
      }
    }
  }

  private static CallerEvidence evidence(HttpsExchange exchange) {
    return CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
        .headers(exchange.getRequestHeaders())
        .tlsSession(exchange.getSSLSession())
        .request(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static HttpsConfigurator configurator(TlsMaterial tls) {
    return new HttpsConfigurator(tls.sslContext()) {
      @Override
      public void configure(HttpsParameters parameters) {
        parameters.setSSLParameters(tls.serverParameters());
      }
    };
  }
}
