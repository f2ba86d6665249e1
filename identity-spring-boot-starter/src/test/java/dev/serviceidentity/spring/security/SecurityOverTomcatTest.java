// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.spring.web.VerifiedCaller;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.TestIdentity;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

class SecurityOverTomcatTest {
  private static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  private static final String OPERATOR = "spiffe://shop.example/ns/shop/sa/operator";

  private final InMemorySink events = new InMemorySink(100);
  private ConfigurableApplicationContext running;

  @BeforeEach
  void start() {
    running =
        new SpringApplicationBuilder(Orders.class)
            .initializers(
                context ->
                    ((GenericApplicationContext) context)
                        .registerBean(ServiceIdentity.class, this::identity))
            .properties(
                "server.port=0",
                "server.address=127.0.0.1",
                "spring.main.banner-mode=off",
                "serviceidentity.web.public-paths=/health",
                "serviceidentity.authorization.roles.operator.service-accounts=shop/operator")
            .run();
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void anAdmittedCallerIsKnownToEverybody() throws Exception {
    HttpResponse<String> answer = get("/orders", TestIdentity.of(WEB));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("mtls:" + WEB + " mtls:" + WEB + " mtls:" + WEB + " [] session null");
  }

  @Test
  void whoeverProvesNothingIsRefusedWithEveryChallengeAndOneEvent() throws Exception {
    HttpResponse<String> answer = get("/orders", null);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactlyInAnyOrder(
            "Test-Identity mechanism=mtls", "Test-Identity mechanism=kerberos");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"layer\":\"IDENTITY\"");
    assertThat(allEvents()).hasSize(1);
  }

  @Test
  void whoeverMayNotCallIsRefusedBeforeSpringSecurityIsAsked() throws Exception {
    HttpResponse<String> answer =
        get("/orders", TestIdentity.of("spiffe://shop.example/ns/shop/sa/batch"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"layer\":\"CALLER\"");
  }

  @Test
  void aRoleThatIsMissingIsAnsweredAsARefusalWithTheIdOfTheAdmission() throws Exception {
    HttpResponse<String> answer = get("/admin", TestIdentity.of(WEB));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"layer\":\"CALLER\"");
    assertThat(answer.body()).contains(event().heading().id()).doesNotContain("operator");
  }

  @Test
  void aRoleByPropertiesOpensAPathAndAMethod() throws Exception {
    assertThat(get("/admin", TestIdentity.of(OPERATOR)).body()).isEqualTo("admin");
    assertThat(get("/method", TestIdentity.of(OPERATOR)).body()).isEqualTo("method");
    assertThat(get("/method", TestIdentity.of(WEB)).statusCode()).isEqualTo(403);
  }

  @Test
  void aServiceAccountOpensAPath() throws Exception {
    assertThat(get("/operators", TestIdentity.of(OPERATOR)).statusCode()).isEqualTo(200);
    assertThat(get("/operators", TestIdentity.of(WEB)).statusCode()).isEqualTo(403);
    assertThat(get("/kerberos", TestIdentity.of(OPERATOR)).statusCode()).isEqualTo(403);
  }

  @Test
  void aPublicPathIsNobodysAndNeedsNoDecision() throws Exception {
    HttpResponse<String> answer = get("/health", null);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(allEvents()).isEmpty();
  }

  @Test
  void anErrorPageIsShownToWhoeverWasAdmitted() throws Exception {
    HttpResponse<String> answer = get("/broken", TestIdentity.of(WEB));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("\"path\":\"/broken\"");
    assertThat(allEvents()).hasSize(1);
  }

  @Test
  void noRequestStartsASession() throws Exception {
    assertThat(get("/orders", TestIdentity.of(WEB)).headers().map())
        .doesNotContainKey("set-cookie");
    assertThat(get("/admin", TestIdentity.of(WEB)).headers().map()).doesNotContainKey("set-cookie");
    assertThat(get("/orders", null).headers().map()).doesNotContainKey("set-cookie");
  }

  /** Closing writes what is queued, so that there can be no more. */
  private List<AccessEvent> allEvents() {
    running.close();
    return events.events();
  }

  private AccessEvent event() throws InterruptedException {
    return events.await(any -> true, Duration.ofSeconds(60)).orElseThrow();
  }

  private ServiceIdentity identity() {
    return ServiceIdentity.builder()
        .mechanism(FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders"))
        .mechanism(FakeMechanism.of("kerberos:HTTP/orders@SHOP.EXAMPLE"))
        .trustIdentityAlone()
        .allow(AllowedCallers.serviceAccounts("shop/web", "shop/operator"))
        .audit(events)
        .open();
  }

  private HttpResponse<String> get(String path, @Nullable TestIdentity caller) throws Exception {
    int port = ((WebServerApplicationContext) running).getWebServer().getPort();
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (caller != null) {
      caller.credentials().applyTo(request::header);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Configuration
  @EnableAutoConfiguration
  @EnableMethodSecurity
  static class Orders {
    @Bean
    SecurityFilterChain chain(HttpSecurity http, IdentitySecurityConfigurer identity)
        throws Exception {
      return http.with(identity, Customizer.withDefaults())
          .authorizeHttpRequests(
              requests ->
                  requests
                      .requestMatchers("/health")
                      .permitAll()
                      .requestMatchers("/admin")
                      .hasRole("operator")
                      .requestMatchers("/operators")
                      .access(CallerAuthorization.serviceAccounts("shop/operator"))
                      .requestMatchers("/kerberos")
                      .access(CallerAuthorization.admitted().by(MechanismName.KERBEROS))
                      .anyRequest()
                      .access(CallerAuthorization.admitted()))
          .csrf(CsrfConfigurer::disable)
          .build();
    }

    @Bean
    Pages pages() {
      return new Pages();
    }
  }

  @RestController
  static class Pages {
    @GetMapping("/orders")
    String orders(
        HttpServletRequest request, @VerifiedCaller Caller caller, Authentication authentication) {
      return caller.principal()
          + " "
          + authentication.getName()
          + " "
          + request.getRemoteUser()
          + " "
          + authentication.getAuthorities()
          + " session "
          + request.getSession(false);
    }

    @GetMapping({"/admin", "/operators", "/kerberos"})
    String admin() {
      return "admin";
    }

    @GetMapping("/method")
    @PreAuthorize("hasRole('operator')")
    public String method() {
      return "method";
    }

    @GetMapping("/health")
    String health() {
      return "well";
    }

    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("broken");
    }
  }
}
