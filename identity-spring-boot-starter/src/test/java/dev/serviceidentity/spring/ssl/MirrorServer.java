// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.ServiceIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A Boot application on Tomcat that serves with an identity, and tells callers who they are. */
final class MirrorServer {
  private MirrorServer() {}

  static void run(ServiceIdentity identity, ContextConsumer<AssertableWebApplicationContext> test) {
    new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
        .withConfiguration(
            AutoConfigurations.of(
                SslAutoConfiguration.class,
                IdentitySslAutoConfiguration.class,
                TomcatServletWebServerAutoConfiguration.class,
                DispatcherServletAutoConfiguration.class,
                WebMvcAutoConfiguration.class))
        .withBean(ServiceIdentity.class, () -> identity)
        .withUserConfiguration(Mirror.class)
        .withPropertyValues(
            "server.port=0", "server.address=127.0.0.1", "server.ssl.bundle=service-identity")
        .run(test);
  }

  static WebServerApplicationContext server(AssertableWebApplicationContext running) {
    return running.getSourceApplicationContext(
        AnnotationConfigServletWebServerApplicationContext.class);
  }

  static int port(AssertableWebApplicationContext running) {
    return server(running).getWebServer().getPort();
  }

  /** Says who calls, as the connection proves it. */
  @RestController
  static class Mirror {
    @GetMapping("/")
    String name(HttpServletRequest request) throws Exception {
      X509Certificate[] chain = chain(request);
      return chain == null
          ? "nobody"
          : (String) chain[0].getSubjectAlternativeNames().iterator().next().get(1);
    }

    @GetMapping("/serial")
    String serial(HttpServletRequest request) {
      return chain(request)[0].getSerialNumber().toString();
    }

    /** The same, and the last answer over its connection. */
    @GetMapping("/serial/last")
    String last(HttpServletRequest request, HttpServletResponse response) {
      response.setHeader("Connection", "close");
      return serial(request);
    }

    private static X509Certificate @Nullable [] chain(HttpServletRequest request) {
      return (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
    }
  }
}
