// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLUtil;

/**
 * Tomcat, which greets the callers that are admitted. Over HTTP/1.1 only: over HTTP/2 nothing that
 * a servlet can say ends a connection, so that a client would keep its own until it is cut off.
 */
final class TomcatServer implements AutoCloseable {
  private final Tomcat tomcat = new Tomcat();

  private TomcatServer(ServiceIdentity identity, InetSocketAddress address, Path folder) {
    tomcat.setBaseDir(folder.toString());
    tomcat.setConnector(connector(identity.tls(), address));
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "greeting", new TomcatGreeting(identity));
    context.addServletMappingDecoded("/*", "greeting");
  }

  /** Tomcat wants a folder to work in, and leaves it there. */
  static TomcatServer start(ServiceIdentity identity, InetSocketAddress address, Path folder)
      throws LifecycleException {
    var started = new TomcatServer(identity, address, folder);
    started.tomcat.start();
    return started;
  }

  int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  private static Connector connector(TlsMaterial tls, InetSocketAddress address) {
    var protocol = new Http11NioProtocol();
    protocol.setSslImplementationName(TomcatSessions.class.getName());
    protocol.setSSLEnabled(true);
    protocol.setAddress(address.getAddress());
    var connector = new Connector(protocol);
    connector.setPort(address.getPort());
    connector.setScheme("https");
    connector.setSecure(true);
    connector.addSslHostConfig(hostConfig(tls));
    return connector;
  }

  private static SSLHostConfig hostConfig(TlsMaterial tls) {
    SSLParameters parameters = tls.serverParameters();
    var config = new SSLHostConfig();
    // Tomcat enables all that the JVM has, whatever the context says.
    config.setProtocols(String.join("+", parameters.getProtocols()));
    config.setCertificateVerification(parameters.getNeedClientAuth() ? "required" : "optional");
    var certificate = new SSLHostConfigCertificate(config, SSLHostConfigCertificate.DEFAULT_TYPE);
    certificate.setSslContext(
        SSLUtil.createSSLContext(tls.sslContext(), tls.keyManager(), tls.trustManager()));
    config.addCertificate(certificate);
    return config;
  }
}
