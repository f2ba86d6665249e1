// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.DaemonThreads;
import dev.serviceidentity.spi.Opening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A {@link DevelopmentCa} for other processes, by plain HTTP. Development only: whoever knows the
 * token is given any name. Needs the module {@code jdk.httpserver}.
 *
 * <pre>{@code
 * try (IssuingEndpoint endpoint = IssuingEndpoint.start(ca, token)) {
 *   CertificateIssuer issuer = RemoteDevelopmentCa.at(endpoint.uri(), token);
 * }
 * }</pre>
 *
 * <p>A request is a {@code POST} of a PKCS#10 request in DER, with the token as {@code
 * Authorization: Bearer} and the lifetime in seconds as {@code ?seconds=}. The answer is PEM: the
 * certificate first, then the authorities to trust. Thread-safe; it answers up to 16 requests at
 * once, on daemon threads of its own.
 */
public final class IssuingEndpoint implements AutoCloseable {
  static final int MOST_BYTES = 64 * 1024;

  private static final Logger LOG = System.getLogger(IssuingEndpoint.class.getName());
  private static final String PATH = "/certificates";
  private static final String QUERY = "seconds=";
  private static final int SHORTEST_TOKEN = 16;

  // So many clients can be slow before one has to wait, and so many can wait.
  private static final int MOST_AT_ONCE = 16;
  private static final int MOST_WAITING = 256;

  private final HttpServer server;
  private final CertificateIssuer issuer;
  private final byte[] credentials;
  private final ExecutorService threads;

  private IssuingEndpoint(HttpServer server, CertificateIssuer issuer, String token) {
    this.server = server;
    this.issuer = issuer;
    this.credentials = ("Bearer " + token).getBytes(UTF_8);
    this.threads =
        new ThreadPoolExecutor(
            MOST_AT_ONCE,
            MOST_AT_ONCE,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            DaemonThreads.named("identity-issuing-endpoint"));
  }

  /**
   * Listens on loopback, at any free port.
   *
   * @param ca whose certificates it gives out
   * @param token what callers must show, at least 16 characters
   * @return the endpoint, which the caller closes
   * @throws IllegalArgumentException if the token is short
   * @throws UncheckedIOException if there is no port
   */
  public static IssuingEndpoint start(DevelopmentCa ca, String token) {
    return startAt(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ca, token);
  }

  /**
   * Listens at another address, where others than this host may reach it. Nothing is encrypted:
   * whoever can listen on that network learns the token, and with it any name.
   *
   * @param address where to listen
   * @param ca whose certificates it gives out
   * @param token what callers must show, at least 16 characters
   * @return the endpoint, which the caller closes
   * @throws IllegalArgumentException if the token is short
   * @throws UncheckedIOException if the address cannot be used
   */
  public static IssuingEndpoint startAt(InetSocketAddress address, DevelopmentCa ca, String token) {
    Objects.requireNonNull(ca, "ca");
    if (token.length() < SHORTEST_TOKEN) {
      throw new IllegalArgumentException(
          "The token of an issuing endpoint has at least 16 characters; make one at random");
    }
    try {
      var endpoint = new IssuingEndpoint(HttpServer.create(address, 0), ca, token);
      return Opening.orClose(endpoint::close, endpoint::serve);
    } catch (IOException e) {
      throw new UncheckedIOException("An issuing endpoint cannot listen at " + address, e);
    }
  }

  private IssuingEndpoint serve() {
    server.createContext(PATH, this::answer);
    server.setExecutor(threads);
    // The server's own thread is a daemon if the one that starts it is.
    CompletableFuture.runAsync(server::start, threads).join();
    return this;
  }

  /**
   * Where it is.
   *
   * @return an address for {@link RemoteDevelopmentCa#at}
   */
  public URI uri() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return URI.create(
        "http://"
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + address.getPort()
            + PATH);
  }

  /** Stops listening. Closing twice does nothing. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        answer(exchange, 404, "There is nothing here");
      } else if (!isAuthorized(exchange)) {
        answer(exchange, 401, "The token is missing or wrong");
      } else if (!exchange.getRequestMethod().equals("POST")) {
        answer(exchange, 405, "Send a certificate request by POST");
      } else {
        issue(exchange);
      }
    }
  }

  private void issue(HttpExchange exchange) throws IOException {
    try {
      byte[] request = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
      CertificateIssuer.Issued issued = issuer.issue(request, lifetime(exchange));
      var all = new ArrayList<>(issued.chain());
      all.addAll(issued.authorities());
      answer(exchange, 200, Pem.of(all));
    } catch (IdentityException e) {
      LOG.log(Level.DEBUG, "Refused a certificate request", e);
      answer(exchange, 400, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(exchange, 503, "The endpoint is being closed");
    } catch (RuntimeException e) {
      // Whoever asks must be told that there is an authority, and that it is at fault.
      LOG.log(Level.WARNING, "A certificate request failed by an error of the authority", e);
      answer(exchange, 500, "The authority failed; see its log");
    }
  }

  private static Duration lifetime(HttpExchange exchange) {
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    if (!query.matches(QUERY + "[0-9]{1,9}")) {
      throw new IdentityException(REFUSED, "The lifetime is missing; ask with ?seconds=");
    }
    return Duration.ofSeconds(Long.parseLong(query.substring(QUERY.length())));
  }

  private boolean isAuthorized(HttpExchange exchange) {
    String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    return MessageDigest.isEqual(shown.getBytes(UTF_8), credentials);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
