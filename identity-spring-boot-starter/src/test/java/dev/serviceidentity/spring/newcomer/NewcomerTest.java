// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.newcomer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.spring.HttpsCaller;
import dev.serviceidentity.spring.HttpsCaller.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/**
 * What a newcomer gets who adds the starter and eight lines of properties to an empty application.
 * Alone in its JVM, since it reads what that writes to the console.
 */
@Isolated
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewcomerTest {
  private static final String WEB_POD = "127.10.0.5";
  private static final String BATCH_POD = "127.10.0.6";
  private static final String OLD_WEB_POD = "127.10.0.7";

  /** Spring Security is there for other tests. */
  private static final String NOT_THE_NEWCOMERS =
      Stream.of(
              "UserDetailsServiceAutoConfiguration",
              "actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
              "web.servlet.SecurityFilterAutoConfiguration",
              "web.servlet.ServletWebSecurityAutoConfiguration")
          .map(name -> "org.springframework.boot.security.autoconfigure." + name)
          .collect(Collectors.joining(","));

  private DevelopmentCa authority;
  private ServletWebServerApplicationContext application;

  @BeforeAll
  void start(@TempDir Path shop) throws IOException {
    authority = DevelopmentCa.create("shop.example", Clock.systemUTC());
    HttpsCaller.certificate(authority, "orders").writeTo(shop.resolve("certificates"));
    Files.writeString(shop.resolve("cluster.yaml"), resource("cluster.yaml"));
    application =
        (ServletWebServerApplicationContext)
            new SpringApplicationBuilder(OrdersApplication.class)
                .run(
                    "--spring.config.location=classpath:/newcomer/application.properties",
                    "--SHOP=" + shop,
                    "--spring.autoconfigure.exclude=" + NOT_THE_NEWCOMERS,
                    "--server.address=127.0.0.1",
                    "--server.port=0");
  }

  @AfterAll
  void stop() {
    application.close();
  }

  @Test
  void eightLinesAreAllThatIsSaid() throws IOException {
    assertThat(resource("application.properties").lines()).hasSize(8);
  }

  @Test
  void theAllowedCallerIsAdmittedAndKnownByName() throws IOException {
    Answer answer = as("web").from(WEB_POD).get("/orders");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("orders of mtls:spiffe://shop.example/ns/shop/sa/web");
  }

  @Test
  void whoeverIsNotAllowedIsRefusedAndTheOperatorIsToldWho(CapturedOutput console)
      throws Exception {
    Answer answer = as("batch").from(BATCH_POD).get("/orders");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("CALLER").doesNotContain("batch");
    HttpsCaller.await(console::getAll, "NOT_ALLOWED", "shop/sa/batch");
  }

  @Test
  void aStolenCertificateIsRefusedAndTheOperatorIsToldWhoUsesIt(CapturedOutput console)
      throws Exception {
    Answer answer = as("web").from(BATCH_POD).get("/orders");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("BINDING");
    HttpsCaller.await(console::getAll, "WRONG_WORKLOAD", "shop/batch-0");
  }

  @Test
  void aPodThatNoPolicyLetsInIsRefusedAndTheOperatorIsToldWhichPolicy(CapturedOutput console)
      throws Exception {
    Answer answer = as("web").from(OLD_WEB_POD).get("/orders");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("NETWORK");
    HttpsCaller.await(console::getAll, "POLICY_DENIES", "the caller has `app=web-old`");
  }

  @Test
  void aStrangerOfAnotherAuthorityIsRefusedAndTheOperatorIsToldWhy(CapturedOutput console)
      throws Exception {
    DevelopmentCa other = DevelopmentCa.create("shop.example", Clock.systemUTC());
    assertThatThrownBy(() -> caller(other, "web").from(WEB_POD).get("/orders"))
        .isInstanceOf(IOException.class);
    HttpsCaller.await(console::getAll, "UNTRUSTED_ISSUER");
  }

  @Test
  void anAnonymousCallerIsRefusedWhereOneWithACertificateIsServed() throws IOException {
    assertThatThrownBy(() -> HttpsCaller.anonymous(authority, port()).from(WEB_POD).get("/orders"))
        .isInstanceOf(IOException.class);
    assertThat(as("web").from(WEB_POD).get("/orders").status()).isEqualTo(200);
  }

  private HttpsCaller as(String account) {
    return caller(authority, account);
  }

  private HttpsCaller caller(DevelopmentCa issuer, String account) {
    return HttpsCaller.with(HttpsCaller.certificate(issuer, account), authority, port());
  }

  private int port() {
    return Objects.requireNonNull(application.getWebServer()).getPort();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = NewcomerTest.class.getResourceAsStream("/newcomer/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
