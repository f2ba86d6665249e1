// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that greets the callers whom the acceptor has verified. */
final class GreetingServer implements AutoCloseable {
  private final KerberosIdentity identity;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server;
  private final Queue<Verification> refused = new ConcurrentLinkedQueue<>();

  GreetingServer(String service, Path keytab) throws IOException {
    this.identity = MitRealm.acceptor(service, keytab);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What was presented and not accepted. */
  Queue<Verification> refused() {
    return refused;
  }

  private void answer(HttpExchange exchange) throws IOException {
    CallerEvidence evidence =
        CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
            .headers(exchange.getRequestHeaders());
    Verification seen = identity.callers().verify(evidence);
    seen.applyTo(exchange.getResponseHeaders()::add);
    if (seen instanceof Verification.Verified verified) {
      answer(exchange, 200, "hello " + verified.caller() + "\n");
      return;
    }
    if (identity.callers().claims(evidence)) {
      refused.add(seen);
    }
    for (String challenge : identity.callers().challenges()) {
      exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
    }
    answer(exchange, 401, seen + "\n");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    identity.close();
  }
}
