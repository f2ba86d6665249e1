// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.spring.HttpsCaller;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A Boot service with certificates that lets web call it, and a management port of its own. */
record CertifiedOrders(ConfigurableApplicationContext context, DevelopmentCa authority)
    implements AutoCloseable {
  /** Spring Security is there for other tests. */
  private static final String WITHOUT_SECURITY =
      Stream.of(
              "UserDetailsServiceAutoConfiguration",
              "actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
              "web.servlet.SecurityFilterAutoConfiguration",
              "web.servlet.ServletWebSecurityAutoConfiguration")
          .map(name -> "org.springframework.boot.security.autoconfigure." + name)
          .collect(Collectors.joining(","));

  static CertifiedOrders run(Path folder, String... properties) {
    DevelopmentCa authority = DevelopmentCa.create("shop.example", Clock.systemUTC());
    HttpsCaller.certificate(authority, "orders").writeTo(folder);
    var application =
        new SpringApplicationBuilder(Orders.class)
            .properties(
                "spring.main.banner-mode=off",
                "spring.autoconfigure.exclude=" + WITHOUT_SECURITY,
                "server.address=127.0.0.1",
                "server.port=0",
                "server.ssl.bundle=service-identity",
                "management.server.address=127.0.0.1",
                "management.server.port=0",
                "management.endpoints.web.exposure.include=health,info,serviceidentity",
                "management.endpoint.serviceidentity.access=read-only",
                "management.endpoint.health.probes.enabled=true",
                "serviceidentity.mtls.pem-directory=" + folder,
                "serviceidentity.mtls.trust-domain=shop.example",
                "serviceidentity.network.mode=identity-alone",
                "serviceidentity.allow.service-accounts=shop/web")
            .properties(properties);
    return new CertifiedOrders(application.run(), authority);
  }

  HttpsCaller as(String account, int port) {
    return HttpsCaller.with(HttpsCaller.certificate(authority, account), authority, port);
  }

  HttpsCaller anonymous(int port) {
    return HttpsCaller.anonymous(authority, port);
  }

  /** The status that the management port answers where it has no TLS. */
  int plain(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + management() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  int management() {
    return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
  }

  InMemorySink events() {
    return context.getBean(InMemorySink.class);
  }

  @Override
  public void close() {
    context.close();
  }

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @RestController
  static class Orders {
    @Bean
    InMemorySink events() {
      return new InMemorySink(100);
    }

    @GetMapping("/orders")
    String orders() {
      return "orders";
    }

    @GetMapping("/health")
    String health() {
      return "up";
    }
  }
}
