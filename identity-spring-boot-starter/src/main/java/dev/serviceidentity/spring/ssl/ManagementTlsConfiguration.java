// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.spring.properties.WebProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets Actuator's own port serve with the bundle, too. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBean(IdentitySslBundle.class)
@ConditionalOnClass(AbstractConfigurableWebServerFactory.class)
class ManagementTlsConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "serviceIdentityManagementServers")
  OtherServers serviceIdentityManagementServers(ObjectProvider<ServedServer> served) {
    return new OtherServers(served);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TomcatWebServerFactory.class)
  static class Tomcat {
    @Bean
    @ConditionalOnMissingBean(name = "serviceIdentityManagementTomcatTls")
    TomcatTls serviceIdentityManagementTomcatTls(
        IdentitySslBundle bundle,
        ObjectProvider<IdentityFilter> filters,
        ObjectProvider<WebProperties> said) {
      return new TomcatTls(
          bundle::tls,
          () ->
              IdentitySslAutoConfiguration.Tomcat.haveAnyPublicPath(filters)
                  || (filters.stream().findAny().isPresent() && opensAnyPath(said)));
    }

    private static boolean opensAnyPath(ObjectProvider<WebProperties> said) {
      return said.stream().anyMatch(each -> !each.managementPublicPaths().isEmpty());
    }
  }
}
