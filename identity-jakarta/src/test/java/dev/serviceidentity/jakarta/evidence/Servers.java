// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.mechanism.TlsMaterial;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.SSLValve;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLUtil;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The containers, each with everything on that rewrites requests by their headers. */
enum Servers {
  TOMCAT {
    @Override
    Running start(Path folder, Servlet servlet, List<Filter> filters, TlsMaterial tls)
        throws Exception {
      var protocol = new Http11NioProtocol();
      var connector = new Connector(protocol);
      if (tls != null) {
        secure(protocol, connector, tls).addUpgradeProtocol(new Http2Protocol());
      }
      var forwarding = new RemoteIpValve();
      forwarding.setPortHeader("X-Forwarded-Port");
      forwarding.setChangeLocalPort(true);
      return tomcat(folder, connector, servlet, filters, List.of(forwarding, new SSLValve()));
    }
  },
  JETTY {
    @Override
    Running start(Path folder, Servlet servlet, List<Filter> filters, TlsMaterial tls)
        throws Exception {
      var http = new HttpConfiguration();
      http.addCustomizer(new ForwardedRequestCustomizer());
      http.setSendServerVersion(false);
      if (tls == null) {
        return jetty(servlet, filters, new HttpConnectionFactory(http));
      }
      // No check of SNI: it compares the Host field with names that a SPIFFE certificate has not.
      http.addCustomizer(new SecureRequestCustomizer(false));
      var alpn = new ALPNServerConnectionFactory();
      alpn.setDefaultProtocol("http/1.1");
      return jetty(
          servlet,
          filters,
          new SslConnectionFactory(contextFactory(tls), alpn.getProtocol()),
          alpn,
          new HTTP2ServerConnectionFactory(http),
          new HttpConnectionFactory(http));
    }
  };

  /** A server that answers, to be stopped by the test. */
  record Running(int port, AutoCloseable server) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      server.close();
    }
  }

  /** Starts one on loopback, with filters in front of the servlet; without TLS if that is null. */
  abstract Running start(Path folder, Servlet servlet, List<Filter> filters, TlsMaterial tls)
      throws Exception;

  static Running tomcat(
      Path folder, Connector connector, Servlet servlet, List<Filter> filters, List<Valve> valves)
      throws Exception {
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    var tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setConnector(connector);
    valves.forEach(valve -> tomcat.getEngine().getPipeline().addValve(valve));
    Context context = tomcat.addContext("", null);
    for (Filter filter : filters) {
      var definition = new FilterDef();
      definition.setFilterName(filter.getClass().getName());
      definition.setFilter(filter);
      context.addFilterDef(definition);
      var mapping = new FilterMap();
      mapping.setFilterName(filter.getClass().getName());
      mapping.addURLPattern("/*");
      context.addFilterMap(mapping);
    }
    Tomcat.addServlet(context, "seen", servlet);
    context.addServletMappingDecoded("/*", "seen");
    tomcat.start();
    return new Running(
        connector.getLocalPort(),
        () -> {
          tomcat.stop();
          tomcat.destroy();
        });
  }

  static Running jetty(Servlet servlet, List<Filter> filters, ConnectionFactory... factories)
      throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server, factories);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    var context = new ServletContextHandler();
    for (Filter filter : filters) {
      context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    context.addServlet(new ServletHolder(servlet), "/*");
    server.setHandler(context);
    server.start();
    return new Running(connector.getLocalPort(), server::stop);
  }

  static Connector secure(Http11NioProtocol protocol, Connector connector, TlsMaterial tls) {
    protocol.setSSLEnabled(true);
    connector.setScheme("https");
    connector.setSecure(true);
    connector.addSslHostConfig(hostConfig(tls));
    return connector;
  }

  private static SSLHostConfig hostConfig(TlsMaterial tls) {
    var config = new SSLHostConfig();
    config.setProtocols(String.join("+", tls.serverParameters().getProtocols()));
    config.setCertificateVerification("optional");
    var certificate = new SSLHostConfigCertificate(config, SSLHostConfigCertificate.DEFAULT_TYPE);
    certificate.setSslContext(
        SSLUtil.createSSLContext(tls.sslContext(), tls.keyManager(), tls.trustManager()));
    config.addCertificate(certificate);
    return config;
  }

  private static SslContextFactory.Server contextFactory(TlsMaterial tls) {
    var factory = new SslContextFactory.Server();
    factory.setSslContext(tls.sslContext());
    factory.setWantClientAuth(true);
    return factory;
  }
}
