// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.k8s.client.Exchange;
import dev.serviceidentity.spi.ForeignText;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Keys of an issuer by its discovery document, over TLS. Redirects are not followed. */
final class HttpsKeySource implements KeySource {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int REDIRECTS = 3;
  private static final int HUNDRED = 100;

  private final Discovery discovery;
  private final HttpClient http;
  private final Duration patience;

  HttpsKeySource(String issuer, SSLContext tls) {
    this(issuer, tls, PATIENCE);
  }

  HttpsKeySource(String issuer, SSLContext tls, Duration patience) {
    this.patience = patience;
    this.discovery = new Discovery(issuer);
    this.http =
        HttpClient.newBuilder()
            .sslContext(tls)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
  }

  @Override
  public CompletableFuture<String> fetch() {
    String issuer = discovery.issuer();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return get(URI.create(base + Discovery.PATH))
        .thenCompose(document -> get(discovery.keysOf(document)));
  }

  private CompletableFuture<String> get(URI uri) {
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(patience).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<String>> asked =
        http.sendAsync(request, response -> new BoundedText());
    return Exchange.within(asked, patience)
        .handle(
            (response, error) -> {
              if (error != null) {
                throw silent(uri, error);
              }
              if (response.statusCode() != OK) {
                throw new IdentityException(
                    response.statusCode() / HUNDRED == REDIRECTS
                        ? Code.REFUSED
                        : Code.AUTHORITY_UNREACHABLE,
                    uri
                        + " answers "
                        + response.statusCode()
                        + " and not 200; redirects are not"
                        + " followed");
              }
              return response.body();
            });
  }

  private IdentityException silent(URI uri, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    // Neither a certificate nor a length gets better by asking again.
    boolean isWrong =
        cause instanceof SSLException || cause.getCause() instanceof BoundedText.TooLongException;
    return new IdentityException(
        isWrong ? Code.REFUSED : Code.AUTHORITY_UNREACHABLE,
        uri
            + (cause instanceof TimeoutException
                ? " has not answered for " + patience.toSeconds() + " s"
                : " cannot be read: " + ForeignText.quote(String.valueOf(cause))),
        cause);
  }
}
