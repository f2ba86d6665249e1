// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.mtls.MtlsIdentity;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** A connection of HTTP/1.1, byte by byte, which is kept as long as the server lets it be. */
final class KeptConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final SSLSocket socket;

  /** What came back. */
  record Answer(int status, String text) {}

  private KeptConnection(SSLSocket socket) {
    this.socket = socket;
  }

  static KeptConnection open(MtlsIdentity client, int port) throws IOException {
    TlsMaterial tls = client.tls().orElseThrow();
    var socket = (SSLSocket) tls.sslContext().getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setSSLParameters(tls.clientParameters());
    return new KeptConnection(socket);
  }

  Answer get() throws IOException {
    socket
        .getOutputStream()
        .write("GET /greeting HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(US_ASCII));
    int status = Integer.parseInt(line().split(" ", -1)[1]);
    int length = 0;
    for (String field = line(); !field.isEmpty(); field = line()) {
      if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(field.substring(field.indexOf(':') + 1).trim());
      }
    }
    return new Answer(status, new String(socket.getInputStream().readNBytes(length), US_ASCII));
  }

  /** The status of one more call, or 0 if the connection has ended before there was one. */
  int statusOrEnd() throws IOException {
    try {
      return get().status();
    } catch (SocketTimeoutException stillThere) {
      throw stillThere;
    } catch (IOException ended) {
      return 0;
    }
  }

  /** Waits until the server has closed the connection, which may take it a while. */
  boolean hasEnded() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException stillThere) {
      return false;
    } catch (IOException reset) {
      return true;
    }
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
    InputStream in = socket.getInputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The server closed after: " + text);
      }
      text.append((char) next);
    }
    return text.toString().trim();
  }
}
