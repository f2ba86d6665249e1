// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.ssl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.mechanism.TlsMaterial;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A connection of HTTP/1.1 that is kept, and shows the server's certificate. */
final class TlsConnection implements AutoCloseable {
  private final SSLSocket socket;
  private final InputStream in;

  record Answer(int status, String text) {}

  private TlsConnection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static TlsConnection open(TlsMaterial tls, int port) throws IOException {
    return open(tls.sslContext().getSocketFactory(), port);
  }

  static TlsConnection open(SSLSocketFactory sockets, int port) throws IOException {
    var socket = (SSLSocket) sockets.createSocket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    return new TlsConnection(socket);
  }

  Answer get(String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    int status = Integer.parseInt(line().split(" ", -1)[1]);
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String field = line(); !field.isEmpty(); field = line()) {
      String[] parts = field.split(":", 2);
      fields.put(parts[0], parts[1].trim());
    }
    int length = Integer.parseInt(fields.getOrDefault("Content-Length", "0"));
    return new Answer(status, new String(in.readNBytes(length), UTF_8));
  }

  /** The serial number of the certificate that the server has shown. */
  BigInteger server() throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The server closed after: " + text);
      }
      text.append((char) next);
    }
    return text.toString().trim();
  }
}
