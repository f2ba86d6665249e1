// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl with a client certificate calls our server, by HTTP/1.1 and HTTP/2, and verifies it. */
class CurlInteropTest {
  @TempDir Path directory;
  private Path curl;
  private World world;
  private MtlsIdentity orders;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    curl = Program.required("curl", "curl");
    world = World.today(directory);
    world.issue("orders", World.ORDERS);
    world.issue("web", World.WEB);
    orders = world.open("orders");
    server = JdkHttps.serve(orders, this::told);
  }

  @AfterEach
  void stop() throws Exception {
    if (world != null) {
      server.stop(0);
      world.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3"})
  void aCallIsAdmittedAndItVerifiesUs(String tls) throws Exception {
    assertThat(call("web", "--tls-max", tls)).startsWith("mtls:" + World.WEB).endsWith("exit 0");
  }

  @Test
  void aCallOverHttp2IsAdmittedAndItVerifiesUs() throws Exception {
    try (JettyServer http2 = JettyServer.start(orders)) {
      assertThat(callPort(http2.port(), "web", "--http2", "--write-out", " HTTP/%{http_version} "))
          .contains("sha256:")
          .contains("HTTP/2 ")
          .endsWith("exit 0");
    }
  }

  @Test
  void anotherTrustDomainIsRefusedOverHttp2Too() throws Exception {
    world.issue("stranger", "spiffe://elsewhere.example/x");
    try (JettyServer http2 = JettyServer.start(orders)) {
      String said = callPort(http2.port(), "stranger", "--http2");

      assertRefused(said, CertificateRejection.UNKNOWN_TRUST_DOMAIN);
      assertThat(said).contains("alert certificate unknown");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3"})
  void anotherTrustDomainIsRefused(String tls) throws Exception {
    world.issue("stranger", "spiffe://elsewhere.example/x");

    assertRefused(call("stranger", "--tls-max", tls), CertificateRejection.UNKNOWN_TRUST_DOMAIN);
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    world
        .ca
        .issue(World.template(World.WEB).notBefore(world.clock.instant().minusSeconds(7200)))
        .writeTo(world.files("late"));

    assertRefused(call("late"), CertificateRejection.EXPIRED);
  }

  @Test
  void aCallWithoutCertificateIsRefused() throws Exception {
    String said = run("--cacert", file("web", "ca.crt"), "https://127.0.0.1:" + port() + "/");

    assertThat(said).doesNotContain("anonymous").containsPattern("exit (35|52|55|56)$");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefusedByIt() throws Exception {
    DevelopmentCa other = DevelopmentCa.create("shop.example", world.clock);
    world
        .ca
        .issue(World.template(World.WEB))
        .trusting(List.of(other.certificate()))
        .writeTo(world.files("misled"));

    // 60 says that the peer's certificate cannot be authenticated.
    assertThat(call("misled")).contains("unable to get local issuer").endsWith("exit 60");
  }

  @Test
  void aServerOfAnotherHostNameIsRefusedByIt() throws Exception {
    String said =
        run(
            "--cacert",
            file("web", "ca.crt"),
            "--resolve",
            "other.example:" + port() + ":127.0.0.1",
            "https://other.example:" + port() + "/");

    assertThat(said).contains("other.example").endsWith("exit 60");
  }

  private String told(HttpExchange exchange) {
    Verification caller = orders.callers().verify(JdkHttps.evidence(exchange));
    return caller instanceof Rejected rejected
        ? rejected.reason().name()
        : caller.orElseThrow().principal().toString();
  }

  private String call(String service, String... more) throws Exception {
    return callPort(port(), service, more);
  }

  private String callPort(int port, String service, String... more) throws Exception {
    var options =
        new ArrayList<>(
            List.of(
                "--cacert",
                file(service, "ca.crt"),
                "--cert",
                file(service, "tls.crt"),
                "--key",
                file(service, "tls.key")));
    options.addAll(List.of(more));
    options.add("https://127.0.0.1:" + port + "/");
    return run(options.toArray(String[]::new));
  }

  private String run(String... options) throws Exception {
    var command = new ArrayList<>(List.of(curl.toString(), "-sS", "--max-time", "60"));
    command.addAll(List.of(options));
    return Program.run(directory, command);
  }

  private String file(String service, String name) {
    return world.files(service).resolve(name).toString();
  }

  private int port() {
    return server.getAddress().getPort();
  }

  /** The JDK's HTTP server hangs up without the alert; another server says it. */
  private void assertRefused(String said, CertificateRejection reason) throws Exception {
    assertThat(said).doesNotContain("mtls:").containsPattern("exit (35|52|55|56)$");
    assertThat(world.refusal().reason()).isEqualTo(reason);
  }
}
