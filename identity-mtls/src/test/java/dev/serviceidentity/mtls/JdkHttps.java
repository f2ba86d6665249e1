// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.function.Function;

/** The JDK's HTTP server and client with the TLS of an identity. */
final class JdkHttps {
  private JdkHttps() {}

  /** A server on loopback that has not been started, without handlers. */
  static HttpsServer create(MtlsIdentity identity) throws IOException {
    TlsMaterial tls = identity.tls().orElseThrow();
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.sslContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.serverParameters());
          }
        });
    return server;
  }

  /** Serves what is made of each exchange; who calls this stops it. */
  static HttpsServer serve(MtlsIdentity identity, Function<HttpExchange, String> answer)
      throws IOException {
    HttpsServer server = create(identity);
    server.createContext(
        "/",
        exchange -> {
          byte[] text = answer.apply(exchange).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    return server;
  }

  static CallerEvidence evidence(HttpExchange exchange) {
    return CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
        .headers(exchange.getRequestHeaders())
        .tlsSession(((HttpsExchange) exchange).getSSLSession());
  }

  /** It checks host names, whatever its parameters say. */
  static HttpClient client(MtlsIdentity identity) {
    TlsMaterial tls = identity.tls().orElseThrow();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls.sslContext())
        .sslParameters(tls.clientParameters())
        .build();
  }
}
