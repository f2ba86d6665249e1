// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own HTTP server and client, each made once and never told of a rotation. */
class HttpsServerTest {
  @TempDir Path directory;
  private World world;
  private HttpsServer server;

  @BeforeEach
  void start() throws IOException {
    world = new World(directory);
    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop(0);
    world.close();
  }

  @Test
  void aCallerIsKnownInTheHandler() throws Exception {
    serve(world.open("orders"));

    assertThat(get(JdkHttps.client(world.open("web")))).startsWith("mtls:" + World.WEB);
  }

  @Test
  void bothEndsRotateBetweenTwoCallsOfOneClient() throws Exception {
    MtlsIdentity orders = world.open("orders");
    MtlsIdentity web = world.open("web");
    serve(orders);
    HttpClient client = JdkHttps.client(web);
    String before = get(client);

    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
    orders.refresh();
    web.refresh();

    assertThat(get(client)).startsWith("mtls:" + World.WEB).isNotEqualTo(before);
  }

  @Test
  void aClientThatIsRefusedGetsNoResponse() throws Exception {
    serve(world.open("orders"));
    IssuedCertificate stranger =
        world.ca.issue(LeafTemplate.spiffe("spiffe://elsewhere.example/x"));
    HttpClient client = HttpClient.newBuilder().sslContext(PlainClient.showing(stranger)).build();

    assertThatThrownBy(() -> get(client)).isInstanceOf(IOException.class);
    assertThat(world.refusal().reason()).isEqualTo(CertificateRejection.UNKNOWN_TRUST_DOMAIN);
  }

  @Test
  void aDnsNameIsAnIdentityWhereThatIsChosen() throws Exception {
    world.ca.issue(LeafTemplate.dnsName("localhost")).writeTo(world.files("localhost"));
    MtlsIdentity identity = world.open("localhost", MtlsIdentityBuilder::dnsNames);
    serve(identity);

    String answer = get(JdkHttps.client(identity), "localhost");

    assertThat(answer).startsWith("mtls:dns:localhost@shop.example");
  }

  @Test
  @DisplayName("38 a client without certificate is anonymous whatever its headers say")
  void aClientWithoutCertificateIsAnonymousWhateverItsHeadersSay() throws Exception {
    Set<MechanismName> both = Set.of(MechanismName.MTLS, MechanismName.KERBEROS);
    serve(world.open("orders", b -> b, both));
    HttpClient anonymous = HttpClient.newBuilder().sslContext(PlainClient.anonymous()).build();
    HttpRequest claiming =
        HttpRequest.newBuilder(uri("127.0.0.1"))
            .header("X-Forwarded-Client-Cert", "URI=" + World.WEB)
            .header("Client-Cert", ":MIIB:")
            .header("l5d-client-id", "web.shop.serviceaccount.identity.linkerd.local")
            .build();

    assertThat(anonymous.send(claiming, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("anonymous");
  }

  private void serve(MtlsIdentity identity) throws IOException {
    server = JdkHttps.serve(identity, exchange -> answer(identity, exchange));
  }

  private static String answer(MtlsIdentity identity, HttpExchange exchange) {
    CallerEvidence evidence = JdkHttps.evidence(exchange);
    // A new connection for each request, so that each shows the certificate of its time.
    exchange.getResponseHeaders().add("Connection", "close");
    if (!identity.callers().claims(evidence)) {
      return "anonymous";
    }
    Caller caller = identity.callers().verify(evidence).orElseThrow();
    return caller.principal() + " " + caller.fingerprint().orElseThrow();
  }

  private String get(HttpClient client) throws Exception {
    return get(client, "127.0.0.1");
  }

  private String get(HttpClient client, String host) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri(host)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private URI uri(String host) {
    return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
  }
}
