// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's own HTTPS server, which speaks HTTP/1.1. It greets the callers that are admitted. */
final class JdkServer implements AutoCloseable {
  private final ServiceIdentity identity;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private JdkServer(ServiceIdentity identity, HttpsServer server) {
    this.identity = identity;
    this.server = server;
  }

  static JdkServer start(ServiceIdentity identity, InetSocketAddress address) throws IOException {
    var started = new JdkServer(identity, HttpsServer.create(address, 0));
    started.server.setHttpsConfigurator(configurator(identity.tls()));
    started.server.setExecutor(started.threads);
    started.server.createContext("/", exchange -> started.answer((HttpsExchange) exchange));
    started.server.start();
    return started;
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static HttpsConfigurator configurator(TlsMaterial tls) {
    return new HttpsConfigurator(tls.sslContext()) {
      @Override
      public void configure(HttpsParameters parameters) {
        parameters.setSSLParameters(tls.serverParameters());
      }
    };
  }

  private void answer(HttpsExchange exchange) throws IOException {
    try (exchange) {
      AccessDecision decision = identity.admit(evidence(exchange));
      decision.applyTo(exchange.getResponseHeaders()::add);
      if (decision instanceof Refused refused) {
        respond(exchange, refused.httpStatus(), refused.publicReason());
      } else if (decision instanceof Admitted admitted) {
        respond(exchange, 200, "hello " + admitted.caller().principal());
      }
    }
  }

  private static CallerEvidence evidence(HttpsExchange exchange) {
    return CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
        .headers(exchange.getRequestHeaders())
        .tlsSession(exchange.getSSLSession())
        .request(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
  }

  private static void respond(HttpsExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
