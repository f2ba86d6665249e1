// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import dev.serviceidentity.identity.IdentityException;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Web servers that read key stores would start with the identity's bundle, which has none, and then
 * fail every connection: they do not start.
 */
final class OtherServers
    implements WebServerFactoryCustomizer<AbstractConfigurableWebServerFactory>, Ordered {
  private final ObjectProvider<ServedServer> served;

  OtherServers(ObjectProvider<ServedServer> served) {
    this.served = served;
  }

  @Override
  public void customize(AbstractConfigurableWebServerFactory server) {
    Ssl ssl = server.getSsl();
    if (Ssl.isEnabled(ssl)
        && bundles(ssl).anyMatch(IdentitySslBundle.NAME::equals)
        && served.stream().noneMatch(kind -> kind.serves(server))) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "The bundle "
              + IdentitySslBundle.NAME
              + " can serve by Tomcat only, not by "
              + server.getClass().getSimpleName()
              + ": depend on spring-boot-starter-tomcat, or customize that server with"
              + " ServiceIdentity.tls() yourself");
    }
  }

  /** After all that may choose a bundle. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  private static Stream<String> bundles(Ssl ssl) {
    Stream<String> named = ssl.getServerNameBundles().stream().map(host -> host.bundle());
    return ssl.getBundle() == null ? named : Stream.concat(Stream.of(ssl.getBundle()), named);
  }
}
