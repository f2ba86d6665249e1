// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
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
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A Jetty on loopback that tells every caller its port and its certificate's fingerprint, over
 * HTTP/1.1 or HTTP/2.
 */
final class JettyServer implements AutoCloseable {
  private final Server server;
  private final ServerConnector connector;

  private JettyServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  static JettyServer start(MtlsIdentity identity) throws Exception {
    TlsMaterial material = identity.tls().orElseThrow();
    var tls = new SslContextFactory.Server();
    tls.setSslContext(material.sslContext());
    tls.setNeedClientAuth(material.serverParameters().getNeedClientAuth());
    var http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer(false));
    var alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    var server = new Server();
    var connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls, "alpn"),
            alpn,
            new HTTP2ServerConnectionFactory(http),
            new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Answering(identity));
    server.start();
    return new JettyServer(server, connector);
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static final class Answering extends Handler.Abstract {
    private final MtlsIdentity identity;

    Answering(MtlsIdentity identity) {
      this.identity = identity;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      var remote = (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
      var local = (InetSocketAddress) request.getConnectionMetaData().getLocalSocketAddress();
      var tls = (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
      Verification caller =
          identity
              .callers()
              .verify(
                  CallerEvidence.of(remote, local)
                      .headers(headers(request))
                      .tlsSession(tls.sslSession()));
      caller.applyTo(response.getHeaders()::add);
      response.setStatus(caller instanceof Verification.Verified ? 200 : 401);
      String text =
          caller instanceof Verification.Verified verified
              ? remote.getPort() + " " + verified.caller().fingerprint().orElseThrow()
              : caller.toString();
      Content.Sink.write(response, true, text, callback);
      return true;
    }

    private static Map<String, List<String>> headers(Request request) {
      return request.getHeaders().getFieldNamesCollection().stream()
          .collect(Collectors.toMap(Function.identity(), request.getHeaders()::getValuesList));
    }
  }
}
