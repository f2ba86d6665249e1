// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty, with HTTP/1.1 and HTTP/2. */
final class JettyContainer implements Container {
  private final Server server = new Server();
  private final ServerConnector connector;

  private JettyContainer(Setup setup, LocalTls tls) throws Exception {
    this.connector = connector(setup, tls);
    server.addConnector(connector);
    server.setHandler(setup.application() == null ? described(setup) : programmed(setup));
  }

  static JettyContainer start(Setup setup, LocalTls tls) throws Exception {
    var started = new JettyContainer(setup, tls);
    started.server.start();
    return started;
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }

  private static WebAppContext described(Setup setup) {
    var context = new WebAppContext(setup.folder().toString(), contextPath(setup));
    context.setAttribute(
        "org.eclipse.jetty.containerInitializerExclusionPattern", ".*\\.websocket\\..*");
    context.setThrowUnavailableOnStartupException(true);
    return context;
  }

  private static ServletContextHandler programmed(Setup setup) {
    var context = new ServletContextHandler(contextPath(setup));
    context.setBaseResourceAsPath(setup.folder());
    context.setWelcomeFiles(new String[] {"index.html"});
    context.addServletContainerInitializer(
        (classes, started) -> setup.application().configure(started));
    var pages = new ErrorPageErrorHandler();
    pages.addErrorPage(400, 599, "/oops");
    context.setErrorHandler(pages);
    context.getServletHandler().setDecodeAmbiguousURIs(setup.lenient());
    return context;
  }

  private static String contextPath(Setup setup) {
    return setup.contextPath().isEmpty() ? "/" : setup.contextPath();
  }

  private ServerConnector connector(Setup setup, LocalTls tls) throws Exception {
    var http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(false));
    if (setup.lenient()) {
      http.setUriCompliance(UriCompliance.UNSAFE);
    }
    var alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    var secured = new SslContextFactory.Server();
    secured.setSslContext(tls.context());
    var listening =
        new ServerConnector(
            server,
            new SslConnectionFactory(secured, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(http),
            new HttpConnectionFactory(http));
    listening.setHost("127.0.0.1");
    return listening;
  }
}
