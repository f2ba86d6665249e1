// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.net.InetSocketAddress;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty with HTTP/1.1 and HTTP/2 on one port. It greets the callers that are admitted. */
final class JettyServer implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector;

  private JettyServer(ServiceIdentity identity, InetSocketAddress address) {
    this.connector = connector(server, identity.tls());
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setHandler(new Greeting(identity));
  }

  static JettyServer start(ServiceIdentity identity, InetSocketAddress address) throws Exception {
    var started = new JettyServer(identity, address);
    started.server.start();
    return started;
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }

  private static ServerConnector connector(Server server, TlsMaterial tls) {
    var http = new HttpConfiguration();
    // No check of SNI: it compares the Host field with names that a SPIFFE certificate has not.
    http.addCustomizer(new SecureRequestCustomizer(false));
    var alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    return new ServerConnector(
        server,
        new SslConnectionFactory(contextFactory(tls), alpn.getProtocol()),
        alpn,
        new HTTP2ServerConnectionFactory(http),
        new HttpConnectionFactory(http));
  }

  private static SslContextFactory.Server contextFactory(TlsMaterial tls) {
    var factory = new SslContextFactory.Server();
    factory.setSslContext(tls.sslContext());
    factory.setNeedClientAuth(tls.serverParameters().getNeedClientAuth());
    factory.setWantClientAuth(tls.serverParameters().getWantClientAuth());
    return factory;
  }

  private static final class Greeting extends Handler.Abstract {
    private final ServiceIdentity identity;

    Greeting(ServiceIdentity identity) {
      this.identity = identity;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      AccessDecision decision = identity.admit(evidence(request));
      decision.applyTo(response.getHeaders()::add);
      if (decision.endsConnection()
          && request.getConnectionMetaData().getConnection() instanceof HTTP2Connection http2) {
        // GOAWAY; whether the connection then ends well is not this answer's business.
        var unused = http2.getSession().shutdown();
      }
      if (decision instanceof Refused refused) {
        response.setStatus(refused.httpStatus());
        Content.Sink.write(response, true, refused.publicReason(), callback);
      } else if (decision instanceof Admitted admitted) {
        Content.Sink.write(response, true, "hello " + admitted.caller().principal(), callback);
      }
      return true;
    }

    private static CallerEvidence evidence(Request request) {
      ConnectionMetaData connection = request.getConnectionMetaData();
      var tls = (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
      return CallerEvidence.of(
              (InetSocketAddress) connection.getRemoteSocketAddress(),
              (InetSocketAddress) connection.getLocalSocketAddress())
          .headers(HttpFields.asMap(request.getHeaders()))
          .tlsSession(tls.sslSession())
          .request(request.getMethod(), request.getHttpURI().getPath());
    }
  }
}
