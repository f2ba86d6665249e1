// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.spring.ssl.IdentitySslAutoConfiguration;
import dev.serviceidentity.spring.web.IdentityReactiveAutoConfiguration;
import dev.serviceidentity.spring.web.IdentityWebAutoConfiguration;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** Application contexts with this starter, and what is configured in most of them. */
public final class IdentityContexts {
  private static final AutoConfigurations STARTER =
      AutoConfigurations.of(
          SslAutoConfiguration.class,
          NoIdentityAutoConfiguration.class,
          ServiceIdentityAutoConfiguration.class,
          IdentitySslAutoConfiguration.class,
          IdentityReactiveAutoConfiguration.class,
          IdentityWebAutoConfiguration.class);

  private IdentityContexts() {}

  /** Without a property. */
  public static ApplicationContextRunner plain() {
    return new ApplicationContextRunner().withConfiguration(STARTER);
  }

  /** A servlet application without a property. */
  public static WebApplicationContextRunner web() {
    return new WebApplicationContextRunner().withConfiguration(STARTER);
  }

  /** A reactive application without a property. */
  public static ReactiveWebApplicationContextRunner reactive() {
    return new ReactiveWebApplicationContextRunner().withConfiguration(STARTER);
  }

  /** The certificate of shop/orders, identity alone, and shop/web as caller. */
  public static ApplicationContextRunner orders(Path folder) {
    return configured(plain(), folder);
  }

  /** The same for any kind of context. */
  public static <R extends AbstractApplicationContextRunner<R, ?, ?>> R configured(
      R runner, Path folder) {
    HttpsCaller.certificate(DevelopmentCa.create("shop.example", Clock.systemUTC()), "orders")
        .writeTo(folder);
    return runner.withPropertyValues(
        "serviceidentity.mtls.pem-directory=" + folder,
        "serviceidentity.mtls.trust-domain=shop.example",
        "serviceidentity.network.mode=identity-alone",
        "serviceidentity.allow.service-accounts=shop/web");
  }
}
