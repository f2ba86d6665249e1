// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted.jakarta;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.jakarta.IdentityFilter;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.nio.file.Path;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

public final class Main {
  public static void main(String... args) throws Exception {
    ServiceIdentity identity = open(Path.of("certificates/orders"));
    Runtime.getRuntime().addShutdownHook(new Thread(identity::close));
    server(identity, 8443).start();
  }

  static ServiceIdentity open(Path certificates) {
    return ServiceIdentity.builder()
        .mechanism(MtlsIdentity.builder().pemDirectory(certificates).trustDomain("shop.example"))
        .trustIdentityAlone()
        .allow(AllowedCallers.serviceAccounts("shop/web"))
        .open();
  }

  static Server server(ServiceIdentity identity, int port) {
    IdentityFilter filter = IdentityFilter.builder(identity).build();
    var application = new ServletContextHandler("/");
    application.addServletContainerInitializer((classes, starting) -> filter.register(starting));
    application.addServlet(new Orders(), "/orders");

    var server = new Server();
    server.addConnector(connector(server, identity.tls(), port));
    server.setHandler(application);
    return server;
  }

  private static ServerConnector connector(Server server, TlsMaterial tls, int port) {
    var secured = new SslContextFactory.Server();
    secured.setSslContext(tls.sslContext());
    secured.setNeedClientAuth(tls.serverParameters().getNeedClientAuth());
    secured.setWantClientAuth(tls.serverParameters().getWantClientAuth());
    var https = new HttpConfiguration();
    // Names are not checked by SNI: callers know this service by its certificate.
    https.addCustomizer(new SecureRequestCustomizer(false));
    var connector = new ServerConnector(server, secured, new HttpConnectionFactory(https));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    return connector;
  }
}
