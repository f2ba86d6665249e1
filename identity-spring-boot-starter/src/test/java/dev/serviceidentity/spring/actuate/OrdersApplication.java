// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.testkit.FakeMechanism;
import dev.serviceidentity.testkit.cluster.FakeCluster;
import dev.serviceidentity.testkit.cluster.FakePod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * The orders of a shop as a Boot service with Actuator, of which a test asks by HTTP. Its names
 * allow web and payments; its policies let web and batch in, at port 8443.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OrdersApplication {
  static final String POLICY =
      """
      podSelector: {matchLabels: {app: orders}}
      ingress:
      - from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, batch]}]}}]
        ports: [{port: 8443}]
      """;

  /** One that runs, and how to ask it. */
  record Running(ConfigurableApplicationContext context) implements AutoCloseable {
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
      int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString());
    }

    FakeMechanism mechanism() {
      return context.getBean(FakeMechanism.class);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  static Running run(String... properties) {
    var application =
        new SpringApplicationBuilder(OrdersApplication.class)
            .properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off")
            .properties(properties);
    return new Running(application.run());
  }

  @Bean
  FakeMechanism mechanism() {
    return FakeMechanism.of("spiffe://shop.example/ns/shop/sa/orders").open(Clock.systemUTC());
  }

  @Bean
  FakeCluster cluster() {
    return FakeCluster.create()
        .namespace("shop")
        .namespace("finance")
        .pod(FakePod.of("shop/web-0", "app=web").serviceAccount("web"))
        .pod(FakePod.of("shop/batch-0", "app=batch").serviceAccount("batch"))
        .pod(FakePod.of("shop/orders-0", "app=orders").serviceAccount("orders"))
        .pod(FakePod.of("finance/payments-0", "app=payments").serviceAccount("payments"))
        .policy("shop/orders-callers", POLICY)
        .ownPod("shop/orders-0")
        .binding(WorkloadBinding.builder().trustDomain("shop.example").build());
  }

  @Bean
  AllowedCallers callers() {
    return AllowedCallers.anyOf(
        AllowedCallers.serviceAccounts("shop/web", "finance/payments"),
        AllowedCallers.onPath("/reports/**", AllowedCallers.serviceAccounts("shop/batch")));
  }

  @Bean
  PathRules rules() {
    return PathRules.builder().publicPath("/actuator/**", "/livez", "/readyz").build();
  }

  /** Security is on the class path of these tests; what it would add is not tested here. */
  @Bean
  SecurityFilterChain everybody(HttpSecurity http) {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll()).build();
  }
}
