// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real programs against our acceptor; skipped by name where one is not installed. */
@ExtendWith(TestRealms.Shared.class)
class MitClientInteropTest {
  private final TestRealms realms;
  private final Path directory;

  MitClientInteropTest(TestRealms realms, @TempDir Path directory) {
    this.realms = realms;
    this.directory = directory;
  }

  @Test
  void curlWithATicketOfKinitIsVerifiedAndSeesOurProof() throws Exception {
    requireProgram("kinit", "krb5-user");
    requireProgram("curl", "curl");
    Path mit = realms.keytab(directory, "mit-client");
    Path keytab = realms.keytab(directory, "HTTP/localhost");
    try (var orders = TestRealms.builder("HTTP/localhost", keytab).acceptOnly().open()) {
      HttpServer server = serve(orders);
      try {
        run("kinit", "-k", "-t", mit.toString(), "mit-client@" + TestRealms.SHOP);
        String answer =
            run(
                "curl",
                "--silent",
                "--verbose",
                "--noproxy",
                "*",
                "--negotiate",
                "--user",
                ":",
                "http://localhost:" + server.getAddress().getPort() + "/");
        assertThat(answer)
            .contains("< HTTP/1.1 200 OK")
            .contains("hello kerberos:mit-client@SHOP.EXAMPLE")
            .containsIgnoringCase("< WWW-Authenticate: Negotiate oY");
      } finally {
        server.stop(0);
      }
    }
  }

  private static HttpServer serve(KerberosIdentity orders) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, orders));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange, KerberosIdentity orders) throws IOException {
    CallerEvidence evidence =
        CallerEvidence.of(exchange.getRemoteAddress(), exchange.getLocalAddress())
            .headers(exchange.getRequestHeaders());
    Verification seen = orders.callers().verify(evidence);
    seen.applyTo(exchange.getResponseHeaders()::add);
    int status = 200;
    String body = seen.toString();
    if (seen instanceof Verification.Verified verified) {
      body = "hello " + verified.caller();
    } else {
      status = 401;
      orders
          .callers()
          .challenges()
          .forEach(challenge -> exchange.getResponseHeaders().add("WWW-Authenticate", challenge));
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void requireProgram(String program, String debianPackage) {
    boolean found =
        List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
            .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    assumeTrue(found, "not here: " + program + " (Debian package " + debianPackage + ")");
  }

  private String run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KRB5_CONFIG", System.getProperty("java.security.krb5.conf"));
    builder.environment().put("KRB5CCNAME", "FILE:" + directory.resolve("ccache"));
    Path output = directory.resolve(command[0] + ".out");
    Process process = builder.redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command[0] + " ends").isTrue();
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
