// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.ForwardedRequests.GATEWAY;
import static dev.serviceidentity.mtls.ForwardedRequests.NGINX;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.forwarded.ForwardedCallers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx verifies client certificates and passes them on to our server as Envoy does. */
class NginxForwardingInteropTest {
  private static final String EVIL = "By=" + GATEWAY + ";URI=spiffe://shop.example/ns/shop/sa/evil";
  private static final String SERVER =
      """
      ssl_certificate %1$s/tls.crt;
          ssl_certificate_key %1$s/tls.key;
          ssl_client_certificate %1$s/ca.crt;
          ssl_verify_client optional;
          proxy_ssl_certificate %1$s/tls.crt;
          proxy_ssl_certificate_key %1$s/tls.key;
          proxy_ssl_trusted_certificate %1$s/ca.crt;
          proxy_ssl_verify on;
          proxy_ssl_name localhost;
          proxy_set_header Client-Cert "";
          proxy_set_header Client-Cert-Chain "";
          location / {
            proxy_pass https://127.0.0.1:%2$d;
            proxy_set_header X-Forwarded-Client-Cert 'By=%3$s;Subject="$ssl_client_s_dn";Cert="$ssl_client_escaped_cert"';
          }
          location /adding {
            proxy_pass https://127.0.0.1:%2$d;
            proxy_set_header X-Forwarded-Client-Cert '$http_x_forwarded_client_cert,By=%3$s;Cert="$ssl_client_escaped_cert"';
          }
          location /by-rfc-9440 {
            proxy_pass https://127.0.0.1:%2$d;
            proxy_ssl_certificate %4$s/tls.crt;
            proxy_ssl_certificate_key %4$s/tls.key;
            proxy_set_header Client-Cert $client_cert;
            proxy_set_header X-Forwarded-Client-Cert "";
          }
          location /silent {
            proxy_pass https://127.0.0.1:%2$d;
            proxy_set_header X-Forwarded-Client-Cert "";
          }
      """;

  private static final int MOST_LINES = 60;

  @TempDir Path directory;
  private MtlsIdentity orders;
  private MtlsIdentity web;
  private HttpsServer server;
  private Nginx nginx;

  @BeforeEach
  void start() throws Exception {
    Nginx.required();
    DevelopmentCa ca = DevelopmentCa.create("shop.example", Clock.systemUTC());
    for (String name :
        List.of("shop/sa/orders", "shop/sa/web", "edge/sa/gateway", "edge/sa/nginx")) {
      ca.issue(World.template("spiffe://shop.example/ns/" + name)).writeTo(files(name));
    }
    orders =
        identity("shop/sa/orders")
            .forwarded(
                ForwardedCallers.builder()
                    .xForwardedClientCertFrom(GATEWAY)
                    .appending()
                    .clientCertFrom(NGINX)
                    .build())
            .open();
    web = identity("shop/sa/web").open();
    server = JdkHttps.serve(orders, this::answer);
    nginx =
        Nginx.start(
            directory.resolve("nginx"),
            clientCertMap(),
            SERVER.formatted(
                files("edge/sa/gateway"),
                server.getAddress().getPort(),
                GATEWAY,
                files("edge/sa/nginx")));
  }

  @AfterEach
  void stop() throws Exception {
    if (nginx != null) {
      nginx.close();
    }
    if (server != null) {
      server.stop(0);
      web.close();
      orders.close();
    }
  }

  @Test
  void theCallerIsWhoseCertificateNginxHasVerified() throws Exception {
    assertThat(get(JdkHttps.client(web), "/"))
        .isEqualTo("mtls:" + World.WEB + " by mtls:" + GATEWAY + ", certificate");
  }

  @Test
  void aHeaderOfTheClientsOwnDoesNotReachUs() throws Exception {
    assertThat(
            get(
                JdkHttps.client(web),
                "/",
                "X-Forwarded-Client-Cert",
                EVIL,
                "X_Forwarded_Client_Cert",
                EVIL))
        .startsWith("mtls:" + World.WEB + " by ");
  }

  @Test
  void whatTheClientPutsBeforeTheAppendedElementDoesNotCount() throws Exception {
    assertThat(get(JdkHttps.client(web), "/adding", "X-Forwarded-Client-Cert", EVIL))
        .startsWith("mtls:" + World.WEB + " by ");
    assertThat(get(JdkHttps.client(web), "/adding", "X-Forwarded-Client-Cert", "Subject=\"a"))
        .isEqualTo("MALFORMED_QUOTING");
  }

  @Test
  void theCallerMayBeNamedByRfc9440() throws Exception {
    assertThat(get(JdkHttps.client(web), "/by-rfc-9440"))
        .isEqualTo("mtls:" + World.WEB + " by mtls:" + NGINX + ", certificate");
    assertThat(get(JdkHttps.client(web), "/by-rfc-9440", "Client-Cert", ":MIIB:"))
        .startsWith("mtls:" + World.WEB + " by ");
  }

  @Test
  void aClientWithoutCertificateIsNotTheProxy() throws Exception {
    HttpClient anonymous = HttpClient.newBuilder().sslContext(PlainClient.anonymous()).build();
    assertThat(get(anonymous, "/")).isEqualTo("CERTIFICATE_UNREADABLE");
    assertThat(get(anonymous, "/by-rfc-9440")).isEqualTo("NOT_FORWARDED");
    assertThat(get(anonymous, "/silent")).isEqualTo("NOT_FORWARDED");
    assertThat(get(JdkHttps.client(web), "/silent")).isEqualTo("NOT_FORWARDED");
  }

  @Test
  void whoeverCallsUsDirectlyIsJudgedByItsOwnCertificate() throws Exception {
    assertThat(
            get(
                JdkHttps.client(web),
                server.getAddress().getPort(),
                "/",
                "X-Forwarded-Client-Cert",
                EVIL))
        .isEqualTo("mtls:" + World.WEB + " directly, ignored 1");
  }

  /** RFC 9440 section 2.1: the DER in Base64 between colons, and so PEM without lines. */
  private static String clientCertMap() {
    var pattern = new StringBuilder("~^-+BEGIN CERTIFICATE-+\\n");
    var joined = new StringBuilder(":");
    for (int i = 0; i < MOST_LINES; i++) {
      pattern.append("((?<l%d>[A-Za-z0-9+/=]+)\\n)?".formatted(i));
      joined.append("$l").append(i);
    }
    return "map $ssl_client_raw_cert $client_cert { default \"\"; \"%s\" \"%s:\"; }"
        .formatted(pattern.append("-+END"), joined);
  }

  private Path files(String name) {
    return directory.resolve(name);
  }

  private MtlsIdentityBuilder identity(String name) {
    return MtlsIdentity.builder().pemDirectory(files(name)).trustDomain("shop.example");
  }

  private String answer(HttpExchange exchange) {
    CallerEvidence evidence = JdkHttps.evidence(exchange);
    Verification verification = orders.callers().verify(evidence);
    return verification instanceof Rejected rejected
        ? rejected.reason().name()
        : told(verification.orElseThrow(), orders.callers().ignored(evidence).size());
  }

  private static String told(Caller caller, int ignored) {
    return caller.principal()
        + caller
            .forwardedBy()
            .map(Forwarder::toString)
            .map(proxy -> " by " + proxy + ", " + caller.attributes().get(ForwardedCallers.PROOF))
            .orElse(" directly, ignored " + ignored);
  }

  private String get(HttpClient client, String path, String... headers) throws Exception {
    return get(client, nginx.port(), path, headers);
  }

  private static String get(HttpClient client, int port, String path, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }
}
