// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.testkit.FakeServiceIdentity;
import dev.serviceidentity.testkit.TestDecisions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.ee11.websocket.servlet.WebSocketUpgradeFilter;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jetty puts its filter of WebSockets in front of those that web.xml declares. */
class JettyWebSocketTest {
  private static final EnumSet<DispatcherType> REQUESTS = EnumSet.of(DispatcherType.REQUEST);

  private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
  private final ServletContextHandler application = new ServletContextHandler("/");
  private final FakeServiceIdentity orders =
      FakeServiceIdentity.of("spiffe://shop.example/ns/shop/sa/orders");
  private final IdentityFilter filter = IdentityFilter.builder(orders).build();

  /** A socket that takes whoever comes. */
  public static final class Open extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
      // Whoever is here has got in.
    }
  }

  JettyWebSocketTest() {
    orders
        .whenAdmitting()
        .always(
            TestDecisions.refused(
                Layer.IDENTITY, RefusalReason.NO_CREDENTIALS, "nobody was proven"));
    JakartaWebSocketServletContainerInitializer.configure(
        application,
        (context, sockets) ->
            sockets.addEndpoint(
                ServerEndpointConfig.Builder.create(Open.class, "/socket").build()));
    server.setHandler(application);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void theSocketIsOpenWithoutTheFilter() throws Exception {
    assertThat(upgraded()).startsWith("HTTP/1.1 101");
  }

  @Test
  void anApplicationWhoseSocketsNobodyGuardsDoesNotStart() {
    application.addFilter(new FilterHolder(filter), "/*", REQUESTS);

    assertThatThrownBy(this::upgraded)
        .hasStackTraceContaining("WebSocketUpgradeFilter stands before the filter");
  }

  @Test
  void aFilterOfSocketsThatIsDeclaredByItsNameAfterOursLetsNobodyPast() throws Exception {
    application.addFilter(new FilterHolder(filter), "/*", REQUESTS);
    var sockets = new FilterHolder(WebSocketUpgradeFilter.class);
    sockets.setName(WebSocketUpgradeFilter.class.getName());
    application.addFilter(sockets, "/*", REQUESTS);

    assertThat(upgraded()).startsWith("HTTP/1.1 401");
  }

  @Test
  void aRegisteredFilterStandsInFront() throws Exception {
    application.addEventListener(
        new ServletContextListener() {
          @Override
          public void contextInitialized(ServletContextEvent event) {
            filter.register(event.getServletContext());
          }
        });

    assertThat(upgraded()).startsWith("HTTP/1.1 401");
  }

  private String upgraded() throws Exception {
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    try (var socket = new Socket("127.0.0.1", port)) {
      socket
          .getOutputStream()
          .write(
              """
              GET /socket HTTP/1.1
              Host: 127.0.0.1
              Connection: Upgrade
              Upgrade: websocket
              Sec-WebSocket-Version: 13
              Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

              """
                  .replace("\n", "\r\n")
                  .getBytes(ISO_8859_1));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))
          .readLine();
    }
  }
}
