// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.client.Exchange;
import dev.serviceidentity.spi.ForeignText;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Requests to the API server that wait on no thread. They fail with an {@link IdentityException}:
 * {@code REFUSED} if this service may not, {@code AUTHORITY_UNREACHABLE} if there is no answer.
 */
final class ApiCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LOWEST_FAULT = 300;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final HttpClient http;
  private final String address;

  ApiCalls(KubernetesClient client) {
    this.http = client.getHttpClient();
    String master = client.getMasterUrl().toString();
    this.address = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
  }

  /** What the API server has at a path. */
  CompletableFuture<String> get(String path) {
    return send(path, Function.identity());
  }

  /** What it answers to an object. */
  CompletableFuture<Map<String, Object>> post(String path, Map<String, Object> body) {
    String json = StrictJson.text(body);
    return send(path, request -> request.post("application/json", json))
        .thenApply(ApiCalls::object);
  }

  private CompletableFuture<String> send(
      String path, Function<HttpRequest.Builder, HttpRequest.Builder> kind) {
    CompletableFuture<HttpResponse<byte[]>> asked;
    try {
      HttpRequest.Builder request =
          http.newHttpRequestBuilder()
              .uri(address + path)
              .timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      asked = http.sendAsync(kind.apply(request).build(), byte[].class);
    } catch (RuntimeException e) {
      // Foreign code: the client may have been closed, or what reads its token may fail.
      return CompletableFuture.failedFuture(silent(e));
    }
    // The client may repeat what fails; this bounds all of it.
    return Exchange.within(asked, PATIENCE)
        .handle(
            (response, error) -> {
              if (error != null) {
                throw silent(error);
              }
              return body(path, response);
            });
  }

  private static String body(String path, HttpResponse<byte[]> response) {
    String body = new String(response.body(), UTF_8);
    if (response.code() < LOWEST_FAULT) {
      return body;
    }
    String said =
        (response.code() == UNAUTHORIZED
                ? "The API server does not accept this service's own credentials (401), asked for "
                : "The API server answers " + response.code() + " to ")
            + path
            + ": "
            + told(body);
    throw new IdentityException(
        response.code() == FORBIDDEN
            ? IdentityException.Code.REFUSED
            : IdentityException.Code.AUTHORITY_UNREACHABLE,
        said);
  }

  private static String told(String body) {
    try {
      return ForeignText.quote(String.valueOf(StrictJson.object(body).get("message")));
    } catch (ParseException e) {
      return "no reason";
    }
  }

  private static Map<String, Object> object(String body) {
    try {
      return StrictJson.object(body);
    } catch (ParseException e) {
      throw new IdentityException(
          IdentityException.Code.AUTHORITY_UNREACHABLE, "The API server's answer is no object", e);
    }
  }

  private IdentityException silent(Throwable why) {
    Throwable cause =
        why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
    String what =
        cause instanceof TimeoutException
            ? "has not answered for " + PATIENCE.toSeconds() + " s"
            : "cannot be asked: " + ForeignText.quote(String.valueOf(cause));
    return new IdentityException(
        IdentityException.Code.AUTHORITY_UNREACHABLE, "The API server " + address + " " + what);
  }

  /** What has failed, as this class says it. */
  static IdentityException reason(Throwable failed) {
    Throwable cause = failed;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof IdentityException known
        ? known
        : new IdentityException(
            IdentityException.Code.AUTHORITY_UNREACHABLE,
            ForeignText.quote(String.valueOf(cause)),
            cause);
  }
}
