// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes each socket with the generation in use, for clients that keep one factory for ever. */
final class RotatingSocketFactory extends SSLSocketFactory {
  private final GenerationContexts contexts;

  RotatingSocketFactory(GenerationContexts contexts) {
    this.contexts = contexts;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return current().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return current().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return modern(current().createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return modern(current().createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return modern(current().createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return modern(current().createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return modern(current().createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return layered(plain, current().createSocket(plain, host, port, autoClose));
  }

  @Override
  public Socket createSocket(Socket plain, @Nullable InputStream consumed, boolean autoClose)
      throws IOException {
    return layered(plain, current().createSocket(plain, consumed, autoClose));
  }

  private SSLSocketFactory current() {
    return contexts.current().getSocketFactory();
  }

  /** A server's too, if its user says so before the handshake. */
  private Socket layered(Socket plain, Socket tls) {
    contexts.connections().keep(plain, (SSLSocket) tls);
    contexts.settings().restrict((SSLSocket) tls);
    return tls;
  }

  private Socket modern(Socket tls) {
    return layered(tls, tls);
  }
}
