// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import static java.lang.invoke.MethodType.methodType;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads connections from Tomcat's connector. What a web application sees of them may have been
 * rewritten: {@code RemoteIpValve} sets addresses, ports and whether there is TLS from headers, and
 * {@code SSLValve} the certificates. Below, the request of the connector has what its processor got
 * from the socket, and an object that describes the TLS which the connector itself has ended.
 */
final class TomcatConnections implements ConnectionReader {
  /** What a web application gets; what is behind it is in a field that is not public. */
  static final String FACADE = "org.apache.catalina.connector.RequestFacade";

  /** Where a front-end server says what the addresses are (Apache JServ Protocol). */
  private static final String AJP = "ajp";

  private final Access request;
  private final Access connectorsRequest;
  private final Fact peerAddress;
  private final Fact remotePort;
  private final Fact localAddress;
  private final Fact localPort;
  private final TomcatTls tls;

  TomcatConnections(Class<?> facade) throws ReflectiveOperationException {
    this.request = Access.field(facade, "request");
    this.connectorsRequest = Access.method(request.result(), "getCoyoteRequest");
    Class<?> type = connectorsRequest.result();
    this.peerAddress = Fact.of(type, "REQ_PEER_ADDR_ATTRIBUTE", Access.method(type, "peerAddr"));
    this.remotePort =
        Fact.of(type, "REQ_REMOTEPORT_ATTRIBUTE", Access.method(type, "getRemotePort"));
    this.localAddress = Fact.of(type, "REQ_LOCAL_ADDR_ATTRIBUTE", Access.method(type, "localAddr"));
    this.localPort = Fact.of(type, "REQ_LOCALPORT_ATTRIBUTE", Access.method(type, "getLocalPort"));
    this.tls = new TomcatTls(type);
  }

  @Override
  public Connection read(HttpServletRequest facade) {
    Object below = connectorsRequest(facade);
    if (AJP.equals(facade.getServletConnection().getProtocol())) {
      throw Untold.because(
          "over AJP, addresses are the front-end server's word; let it speak HTTP or HTTPS");
    }
    return new Connection(
        end(peerAddress.of(below), remotePort.of(below)),
        end(localAddress.of(below), localPort.of(below)),
        tls.of(below));
  }

  private Object connectorsRequest(HttpServletRequest facade) {
    Object behind = request.of(facade);
    Object below = behind == null ? null : connectorsRequest.of(behind);
    if (below == null) {
      throw Untold.ended();
    }
    return below;
  }

  /** Of Tomcat's text, which is null where the socket has been closed. */
  private static InetSocketAddress end(@Nullable Object address, @Nullable Object port) {
    String text = String.valueOf(address);
    InetAddress parsed = AddressLiteral.parse(text);
    if (parsed == null || !(port instanceof Integer number) || number < 0) {
      throw Untold.because("Tomcat does not tell the address of its connection but " + text);
    }
    return new InetSocketAddress(parsed, number);
  }

  /**
   * What a connector tells when asked.
   *
   * @param wanted asks
   * @param value has the answer
   */
  private record Fact(Access wanted, Access value) {
    static Fact of(Class<?> request, String action, Access value)
        throws ReflectiveOperationException {
      Class<?> codes =
          Class.forName("org.apache.coyote.ActionCode", true, request.getClassLoader());
      Object code = codes.getField(action).get(null);
      return new Fact(
          Access.method(request, "action", methodType(void.class, codes, Object.class), code, null),
          value);
    }

    @Nullable Object of(Object request) {
      wanted.of(request);
      return value.of(request);
    }
  }
}
