// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes server sockets that outlive generations: each connection gets the one in use. */
final class RotatingServerSocketFactory extends SSLServerSocketFactory {
  private static final int DEFAULT_BACKLOG = 50;

  private final GenerationContexts contexts;

  RotatingServerSocketFactory(GenerationContexts contexts) {
    this.contexts = contexts;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return contexts.current().getServerSocketFactory().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return contexts.current().getServerSocketFactory().getSupportedCipherSuites();
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    var settings =
        (SSLServerSocket) contexts.current().getServerSocketFactory().createServerSocket();
    settings.setEnabledProtocols(ModernTls.protocols());
    return new RotatingServerSocket(contexts, settings);
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return createServerSocket(port, DEFAULT_BACKLOG);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    ServerSocket socket = createServerSocket();
    try {
      socket.bind(new InetSocketAddress(address, port), backlog);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
