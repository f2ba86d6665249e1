// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;

class IdentitySslAutoConfigurationTest {
  private final ApplicationContextRunner running =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SslAutoConfiguration.class, IdentitySslAutoConfiguration.class));

  private final ApplicationContextRunner identified =
      running.withBean(
          ServiceIdentity.class,
          () -> FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders"));

  @Test
  void theBundleIsRegisteredBesideOthersAndTheIdentityIsNotAskedYet() {
    identified.run(
        context -> {
          SslBundles bundles = context.getBean(SslBundles.class);

          assertThat(bundles.getBundleNames()).contains("service-identity");
          assertThat(bundles.getBundle("service-identity")).isInstanceOf(IdentitySslBundle.class);
        });
  }

  @Test
  void withoutAnIdentityThereIsNoBundle() {
    running.run(
        context ->
            assertThat(context.getBean(SslBundles.class).getBundleNames())
                .doesNotContain("service-identity"));
  }

  @Test
  void whatTellsOfBundlesFindsNoStoresAndDoesNotFail() {
    identified.run(
        context ->
            assertThatCode(() -> new SslInfo(context.getBean(SslBundles.class)).getBundles())
                .doesNotThrowAnyException());
  }

  @Test
  void anIdentityWithoutTlsSaysSoWhenItsContextIsWanted() {
    identified.run(
        context -> {
          SslBundle bundle = context.getBean(SslBundles.class).getBundle("service-identity");

          assertThatThrownBy(bundle::createSslContext).isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void aServerThatReadsKeyStoresDoesNotStartWithTheBundle() {
    identified
        .withClassLoader(new FilteredClassLoader(TomcatWebServerFactory.class))
        .run(
            context -> {
              var server = new TomcatServletWebServerFactory();
              server.setSsl(Ssl.forBundle("service-identity"));

              assertThatThrownBy(() -> context.getBean(OtherServers.class).customize(server))
                  .isInstanceOf(IdentityException.class)
                  .hasMessageContaining("Tomcat only");
            });
  }

  @Test
  void aServerWithAnotherBundleIsLeftAlone() {
    identified
        .withClassLoader(new FilteredClassLoader(TomcatWebServerFactory.class))
        .run(
            context -> {
              var server = new TomcatServletWebServerFactory();
              server.setSsl(Ssl.forBundle("another"));

              assertThatCode(() -> context.getBean(OtherServers.class).customize(server))
                  .doesNotThrowAnyException();
            });
  }
}
