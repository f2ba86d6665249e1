// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Believes what the Jakarta Servlet specification lets a container tell, which others may have
 * rewritten.
 */
enum SpecifiedConnections implements ConnectionReader {
  /** Because somebody has said so. */
  BELIEVED {
    @Override
    public Connection read(HttpServletRequest request) {
      return new Connection(
          end(request.getRemoteAddr(), request.getRemotePort()),
          end(request.getLocalAddr(), request.getLocalPort()),
          request.isSecure() ? handshake(request) : Handshake.NONE);
    }
  },
  /** Because nobody has said that they may be believed. */
  REFUSED {
    @Override
    public Connection read(HttpServletRequest request) {
      throw Untold.because(
          request.getClass().getName()
              + " is of a container that is not known to tell the socket's far end; run Tomcat 11"
              + " or Jetty 12, or say believingOtherContainers() if nothing rewrites addresses and"
              + " certificates in yours");
    }
  };

  /** Jakarta Servlet 6.1, section 3.10. */
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private static Handshake handshake(HttpServletRequest request) {
    return new Handshake.Certificates(
        request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
            ? List.of(chain)
            : List.of(),
        null);
  }

  private static InetSocketAddress end(String address, int port) {
    InetAddress parsed = address == null ? null : AddressLiteral.parse(address);
    if (parsed == null || port < 0 || port > 0xffff) {
      throw Untold.because("the container does not tell the address of its connection");
    }
    return new InetSocketAddress(parsed, port);
  }
}
