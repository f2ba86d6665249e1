// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.serviceidentity.testkit.TestIdentity;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Requests of HTTP/1.1, sent byte by byte as they are written here, each on its own connection. */
record Wire(SSLContext tls, int port) {
  private static final int PATIENCE_MILLIS = 60_000;

  /** What came back, the fields with their names in lower case. */
  record Answer(int status, List<String> fields, String body) {
    List<String> field(String name) {
      return fields.stream()
          .filter(field -> field.startsWith(name + ": "))
          .map(field -> field.substring(name.length() + 2))
          .toList();
    }
  }

  Answer get(String path, String... fields) throws IOException {
    return send("GET", path, fields);
  }

  Answer get(String path, TestIdentity caller) throws IOException {
    return get(path, proof(caller));
  }

  Answer send(String method, String path, String... fields) throws IOException {
    var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    Arrays.stream(fields).forEach(field -> text.append(field).append("\r\n"));
    return exchange(text.append("Connection: close\r\n\r\n").toString());
  }

  /** A field line that proves who calls. */
  static String proof(TestIdentity caller) {
    var lines = new StringBuilder();
    caller.credentials().applyTo((name, value) -> lines.append(name + ": " + value));
    return lines.toString();
  }

  private Answer exchange(String request) throws IOException {
    try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      int end = all.indexOf("\r\n\r\n");
      List<String> head = all.substring(0, end).lines().toList();
      return new Answer(
          Integer.parseInt(head.get(0).split(" ", -1)[1]),
          head.stream().skip(1).map(Wire::named).toList(),
          all.substring(end + 4));
    }
  }

  private static String named(String field) {
    int colon = field.indexOf(':');
    return field.substring(0, colon).toLowerCase(Locale.ROOT)
        + ": "
        + field.substring(colon + 1).strip();
  }
}
