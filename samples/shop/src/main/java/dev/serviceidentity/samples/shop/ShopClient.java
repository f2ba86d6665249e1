// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.caller.HeaderField;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Calls a service from a pod's own address, once for each connection.
 *
 * @param source the address that the call comes from
 * @param tls makes the connection, with or without a client certificate
 */
public record ShopClient(InetAddress source, SSLSocketFactory tls) {
  private static final int TIMEOUT_MILLIS = 10_000;

  /**
   * What came back.
   *
   * @param status the HTTP status
   * @param headers the response's field lines
   * @param body the content
   */
  public record Reply(int status, Map<String, List<String>> headers, String body) {
    /** All values of a field, whose name may be in any letter case. */
    public List<String> values(String field) {
      return headers.entrySet().stream()
          .filter(entry -> field.equalsIgnoreCase(entry.getKey()))
          .flatMap(entry -> entry.getValue().stream())
          .toList();
    }
  }

  /**
   * Calls.
   *
   * @throws IOException if there is no answer, as where a handshake is refused
   */
  public Reply get(URI uri, List<HeaderField> fields) throws IOException {
    var connection = (HttpsURLConnection) uri.toURL().openConnection();
    connection.setSSLSocketFactory(new BoundSocketFactory(tls, source));
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    fields.forEach(field -> connection.addRequestProperty(field.name(), field.value()));
    try {
      int status = connection.getResponseCode();
      String body = read(status < 400 ? connection.getInputStream() : connection.getErrorStream());
      return new Reply(status, connection.getHeaderFields(), body);
    } finally {
      connection.disconnect();
    }
  }

  private static String read(InputStream body) throws IOException {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
