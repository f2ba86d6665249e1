// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted.plain;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;

public final class Orders {
  public static void main(String... args) throws IOException {
    ServiceIdentity identity = open(Path.of("certificates/orders"));
    Runtime.getRuntime().addShutdownHook(new Thread(identity::close));
    serve(identity, 8443);
  }

  static ServiceIdentity open(Path certificates) {
    return ServiceIdentity.builder()
        .mechanism(MtlsIdentity.builder().pemDirectory(certificates).trustDomain("shop.example"))
        .trustIdentityAlone()
        .allow(AllowedCallers.serviceAccounts("shop/web"))
        .open();
  }

  static HttpsServer serve(ServiceIdentity identity, int port) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(identity.tls().sslContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(identity.tls().serverParameters());
          }
        });
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/orders", exchange -> answer(identity, (HttpsExchange) exchange));
    server.start();
    return server;
  }

  private static void answer(ServiceIdentity identity, HttpsExchange exchange) throws IOException {
    AccessDecision decision = identity.admit(evidence(exchange));
    decision.applyTo(exchange.getResponseHeaders()::add);
    if (decision instanceof Admitted admitted) {
      respond(exchange, 200, "orders of " + admitted.caller().principal());
    } else if (decision instanceof Refused refused) {
      respond(exchange, refused.httpStatus(), refused.publicReason());
    }
  }

  private static CallerEvidence evidence(HttpsExchange exchange) {
    return CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
        .headers(exchange.getRequestHeaders())
        .tlsSession(exchange.getSSLSession())
        .request(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
  }

  private static void respond(HttpsExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
