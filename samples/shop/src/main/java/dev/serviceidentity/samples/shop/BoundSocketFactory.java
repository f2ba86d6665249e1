// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** Makes TLS sockets whose own address is given, as a pod's network would give it. */
public final class BoundSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory tls;
  private final InetAddress source;

  /** Makes them as another factory does, but from an address. */
  public BoundSocketFactory(SSLSocketFactory tls, InetAddress source) {
    this.tls = tls;
    this.source = source;
  }

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = tls.createSocket();
    socket.bind(new InetSocketAddress(source, 0));
    return socket;
  }

  @Override
  public Socket createSocket(Socket over, String host, int port, boolean autoClose) {
    throw new UnsupportedOperationException("The shop has no proxies");
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return tls.createSocket(host, port, source, 0);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return tls.createSocket(host, port, source, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return tls.createSocket(host, port, source, 0);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return tls.createSocket(host, port, source, localPort);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }
}
