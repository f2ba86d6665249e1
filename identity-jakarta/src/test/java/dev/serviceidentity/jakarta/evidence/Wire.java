// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** One connection to a server on loopback, over which field lines go exactly as they are given. */
final class Wire implements AutoCloseable {
  private static final int PATIENCE = 60_000;

  private final Socket socket;
  private final InputStream in;

  private Wire(SocketFactory factory, int port) throws IOException {
    socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static Wire plain(int port) throws IOException {
    return new Wire(SocketFactory.getDefault(), port);
  }

  static Wire tls(int port, SSLContext context) throws IOException {
    return new Wire(context.getSocketFactory(), port);
  }

  int localPort() {
    return socket.getLocalPort();
  }

  int port() {
    return socket.getPort();
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends one request and gives the answer's body; the connection stays. */
  String get(String... lines) throws IOException {
    var request = new StringBuilder("GET /orders HTTP/1.1\r\nHost: localhost\r\n");
    for (String line : lines) {
      request.append(line).append("\r\n");
    }
    send(request.append("\r\n").toString());
    return answer();
  }

  String answer() throws IOException {
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("The server ended the connection after " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
