// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.jakarta.IdentityFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;

/**
 * Registers the bundle {@link IdentitySslBundle#NAME}, and teaches Tomcat and Reactor Netty to use
 * it.
 */
@AutoConfiguration(afterName = "dev.serviceidentity.spring.ServiceIdentityAutoConfiguration")
@ConditionalOnBean(ServiceIdentity.class)
public final class IdentitySslAutoConfiguration {
  /** Made by Spring. */
  public IdentitySslAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  IdentitySslBundle serviceIdentitySslBundle(ObjectProvider<ServiceIdentity> identity) {
    return IdentitySslBundle.of(identity::getObject);
  }

  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentitySslBundleRegistrar")
  SslBundleRegistrar serviceIdentitySslBundleRegistrar(IdentitySslBundle bundle) {
    return registry -> registry.registerBundle(IdentitySslBundle.NAME, bundle);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
  static class Servers {
    @Bean
    @ConditionalOnMissingBean
    OtherServers serviceIdentityOtherServers(ObjectProvider<ServedServer> served) {
      return new OtherServers(served);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TomcatWebServerFactory.class)
  static class Tomcat {
    @Bean
    @ConditionalOnMissingBean
    TomcatTls serviceIdentityTomcatTls(
        IdentitySslBundle bundle, ObjectProvider<IdentityFilter> filters) {
      return new TomcatTls(bundle::tls, () -> haveAnyPublicPath(filters));
    }

    static boolean haveAnyPublicPath(ObjectProvider<IdentityFilter> filters) {
      return filters.stream().anyMatch(filter -> filter.rules().hasPublicPaths());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HttpClient.class, ReactorClientHttpConnectorBuilder.class})
  static class Reactor {
    @Bean
    @ConditionalOnMissingBean
    static ReactorTls serviceIdentityReactorTls() {
      return new ReactorTls();
    }
  }
}
