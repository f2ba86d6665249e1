// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import jakarta.servlet.http.HttpServletRequest;
import javax.net.ssl.SSLSession;

/**
 * Reads connections from Jetty's end points. {@code ForwardedRequestCustomizer} rewrites what a
 * request tells of its connection, and an end point of the PROXY protocol what it was told, with
 * certificates and all; the innermost one is the socket, and only one that has ended TLS itself has
 * a session of it.
 */
final class JettyConnections implements ConnectionReader {
  private final Access request;
  private final Access metaData;
  private final Access connection;
  private final Access endPoint;
  private final Access remote;
  private final Access local;
  private final Access tls;
  private final Access session;
  private final Class<?> wrapper;
  private final Access wrapped;

  JettyConnections(Class<?> facade) throws ReflectiveOperationException {
    this.request = Access.method(facade, "getRequest");
    this.metaData = Access.method(request.result(), "getConnectionMetaData");
    this.connection = Access.method(metaData.result(), "getConnection");
    this.endPoint = Access.method(connection.result(), "getEndPoint");
    Class<?> type = endPoint.result();
    this.remote = Access.method(type, "getRemoteSocketAddress");
    this.local = Access.method(type, "getLocalSocketAddress");
    this.tls = Access.method(type, "getSslSessionData");
    this.session = Access.method(tls.result(), "sslSession");
    this.wrapper = Class.forName(type.getName() + "$Wrapper", false, type.getClassLoader());
    this.wrapped = Access.method(wrapper, "unwrap");
  }

  /** Whether requests of this class are Jetty's, of Jakarta EE 10 or later. */
  static boolean isFacade(String name) {
    return name.startsWith("org.eclipse.jetty.ee") && name.endsWith(".servlet.ServletApiRequest");
  }

  @Override
  public Connection read(HttpServletRequest facade) {
    Object end = follow(facade, request, metaData, connection, endPoint);
    Handshake handshake = Handshake.NONE;
    while (wrapper.isInstance(end)) {
      handshake = outermost(handshake, end);
      end = follow(end, wrapped);
    }
    return new Connection(
        Connection.end(remote.of(end)), Connection.end(local.of(end)), outermost(handshake, end));
  }

  /** The session whose bytes are HTTP, should there be TLS within TLS. */
  private Handshake outermost(Handshake known, Object end) {
    Object data = known instanceof Handshake.Absent ? tls.of(end) : null;
    return data != null && session.of(data) instanceof SSLSession found
        ? new Handshake.Session(found)
        : known;
  }

  private static Object follow(Object from, Access... ways) {
    Object at = from;
    for (Access way : ways) {
      Object found = way.of(at);
      if (found == null) {
        throw Untold.ended();
      }
      at = found;
    }
    return at;
  }
}
