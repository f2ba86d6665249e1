// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Calls a server on 127.0.0.1 with TLS of the JDK's own making, from any loopback address. */
public final class HttpsCaller {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SSLContext tls;
  private final int port;
  private final String source;

  /** What the server has said. */
  public record Answer(int status, String head, String body) {}

  private HttpsCaller(SSLContext tls, int port, String source) {
    this.tls = tls;
    this.port = port;
    this.source = source;
  }

  public static IssuedCertificate certificate(DevelopmentCa authority, String account) {
    return authority.issue(
        LeafTemplate.spiffe("spiffe://shop.example/ns/shop/sa/" + account)
            .ip("127.0.0.1")
            .lifetime(Duration.ofDays(1)));
  }

  /** Presents the certificate, whether the server asks for its authority or not. */
  public static HttpsCaller with(IssuedCertificate own, DevelopmentCa trusted, int port) {
    return new HttpsCaller(tls(own, trusted), port, "127.0.0.1");
  }

  public static HttpsCaller anonymous(DevelopmentCa trusted, int port) {
    return new HttpsCaller(tls(null, trusted), port, "127.0.0.1");
  }

  public HttpsCaller from(String address) {
    return new HttpsCaller(tls, port, address);
  }

  public Answer get(String path) throws IOException {
    try (var socket =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket("127.0.0.1", port, InetAddress.getByName(source), 0)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String text = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        throw new IOException("The server has closed the connection after '" + text + "'");
      }
      String head = text.substring(0, end);
      String body = text.substring(end + 4);
      return new Answer(Integer.parseInt(head.split(" ", 3)[1]), head, unchunked(head, body));
    }
  }

  /** Waits until all parts are in a text that grows. */
  public static void await(Supplier<String> text, String... parts) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!List.of(parts).stream().allMatch(text.get()::contains) && Instant.now().isBefore(end)) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(text.get()).contains(parts);
  }

  /** One chunk is all that these short answers have. */
  private static String unchunked(String head, String body) {
    if (!head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
      return body;
    }
    int start = body.indexOf("\r\n") + 2;
    int size = Integer.parseInt(body.substring(0, start - 2), 16);
    return body.substring(start, start + size);
  }

  private static SSLContext tls(IssuedCertificate own, DevelopmentCa trusted) {
    try {
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, null);
      authorities.setCertificateEntry("authority", trusted.certificate());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : new KeyManager[] {new OneCertificate(own)},
          trust.getTrustManagers(),
          new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Every JDK has TLS", e);
    }
  }
}
