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

/** A service on the JDK's own HTTPS server, which admits or refuses with its own identity. */
final class HttpsShopService implements ShopService {
  private final Member member;
  private final ServiceIdentity identity;
  private final InMemorySink events;
  private final HttpsServer server;
  private final ExecutorService threads;

  private HttpsShopService(
      Member member, ServiceIdentity identity, InMemorySink events, HttpsServer server) {
    this.member = member;
    this.identity = identity;
    this.events = events;
    this.server = server;
    this.threads = Executors.newFixedThreadPool(2);
  }

  static ShopService start(Place place, ServiceIdentity identity) throws IOException {
    var address = new InetSocketAddress(place.member().address(), place.manifests().port());
    HttpsServer server = HttpsServer.create(address, 0);
    var service = new HttpsShopService(place.member(), identity, place.events(), server);
    server.setExecutor(service.threads);
    server.setHttpsConfigurator(configurator(identity.tls()));
    server.createContext("/", service::handle);
    server.start();
    return service;
  }

  @Override
  public Member member() {
    return member;
  }

  @Override
  public ServiceIdentity identity() {
    return identity;
  }

  @Override
  public InMemorySink events() {
    return events;
  }

  @Override
  public URI uri() {
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
