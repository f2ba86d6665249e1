// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An OpenID Connect issuer that is no Kubernetes, over TLS with a certificate of its own. */
final class OidcServer implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();
  static final String DISCOVERY = "/.well-known/openid-configuration";
  static final String KEYS = "/keys";

  /** A page of it. */
  record Page(int status, String body, Map<String, String> headers) {}

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Path pem;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final AtomicInteger keyRequests = new AtomicInteger();

  private OidcServer(HttpsServer server, Path pem) {
    this.server = server;
    this.pem = pem;
  }

  static OidcServer open(Path directory) throws Exception {
    Path store = directory.resolve("server.p12");
    makeCertificate(store);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Path pem = directory.resolve("ca.pem");
    try (var out = new PrintStream(Files.newOutputStream(pem), false, UTF_8)) {
      out.println("-----BEGIN CERTIFICATE-----");
      out.println(
          Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded()));
      out.println("-----END CERTIFICATE-----");
    }
    return new OidcServer(listen(keys), pem).start();
  }

  private static void makeCertificate(Path store) throws Exception {
    int status =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError("keytool has made no certificate: " + status);
    }
  }

  private static HttpsServer listen(KeyStore keys) throws Exception {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
  }

  private OidcServer start() {
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals(KEYS)) {
            keyRequests.incrementAndGet();
          }
          Page page = pages.getOrDefault(path, new Page(404, "none", Map.of()));
          byte[] body = page.body().getBytes(UTF_8);
          page.headers().forEach(exchange.getResponseHeaders()::set);
          exchange.sendResponseHeaders(page.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    discovery(url(), url() + KEYS);
    return this;
  }

  void discovery(String issuer, String keys) {
    page(DISCOVERY, "{\"issuer\": \"%s\", \"jwks_uri\": \"%s\"}".formatted(issuer, keys));
  }

  void keys(String jwks) {
    page(KEYS, jwks);
  }

  void page(String path, String body) {
    pages.put(path, new Page(200, body, Map.of()));
  }

  void redirect(String from, String to) {
    pages.put(from, new Page(302, "", Map.of("Location", to)));
  }

  void fail(String path) {
    pages.put(path, new Page(500, "no", Map.of()));
  }

  int keyRequests() {
    return keyRequests.get();
  }

  String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /** By which others may listen as it does. */
  SSLContext tls() {
    return server.getHttpsConfigurator().getSSLContext();
  }

  Path pem() {
    return pem;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
