// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes each socket with the generation in use, for clients that keep one factory for ever. */
final class RotatingSocketFactory extends SSLSocketFactory {
  private final Supplier<SSLSocketFactory> current;

  RotatingSocketFactory(Supplier<SSLSocketFactory> current) {
    this.current = current;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return current.get().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return current.get().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return modern(current.get().createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return modern(current.get().createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return modern(current.get().createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return modern(current.get().createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return modern(current.get().createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return modern(current.get().createSocket(plain, host, port, autoClose));
  }

  @Override
  public Socket createSocket(Socket plain, @Nullable InputStream consumed, boolean autoClose)
      throws IOException {
    return modern(current.get().createSocket(plain, consumed, autoClose));
  }

  private static Socket modern(Socket socket) {
    ((SSLSocket) socket).setEnabledProtocols(ModernTls.protocols());
    return socket;
  }
}
