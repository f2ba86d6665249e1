// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.policy.Quote;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Requests to one API server. They block and are bounded in time, whatever the client's settings:
 * its own informer and watches stop for good at some answers, and go on for ever at none.
 */
final class ApiServer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A page of 500 pods is some megabytes. */
  private static final Duration PATIENCE_FOR_PAGES = Duration.ofSeconds(30);

  private static final int LOWEST_FAULT = 300;
  private static final int PAGE = 500;

  private final HttpClient http;
  private final String address;

  ApiServer(KubernetesClient client) {
    this.http = client.getHttpClient();
    String master = client.getMasterUrl().toString();
    this.address = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
  }

  String address() {
    return address;
  }

  byte[] get(String path) throws ApiFault, InterruptedException {
    return send(request(path).build());
  }

  /**
   * Hands on all objects of a resource, page by page.
   *
   * @return at which version they all are
   */
  String list(Resource resource, Consumer<Map<String, Object>> items)
      throws ApiFault, InterruptedException {
    var page = new Json.Page("", "");
    do {
      page = Json.page(get(resource.page(PAGE, page.continued())), items);
    } while (!page.continued().isEmpty());
    return page.position();
  }

  Map<String, Object> post(String path, Map<String, Object> body)
      throws ApiFault, InterruptedException {
    return Json.object(send(request(path).post("application/json", Json.bytes(body)).build()));
  }

  private HttpRequest.Builder request(String path) {
    return http.newHttpRequestBuilder()
        .uri(address + path)
        .timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private byte[] send(HttpRequest request) throws ApiFault, InterruptedException {
    HttpResponse<byte[]> response =
        await(begun(() -> http.sendAsync(request, byte[].class)), PATIENCE_FOR_PAGES);
    if (response.code() >= LOWEST_FAULT) {
      throw fault(response.code(), response.body());
    }
    return response.body();
  }

  /**
   * Hands on the lines of an answer as they come, until it ends.
   *
   * @param length how long the server was asked to send
   * @throws ApiFault if the answer is none, breaks off or stops, or {@code lines} throws it
   */
  void stream(String path, Duration length, LineStream.Lines lines)
      throws ApiFault, InterruptedException {
    var stream = new LineStream();
    HttpRequest request = request(path).forStreaming().build();
    HttpResponse<AsyncBody> response =
        await(begun(() -> http.consumeBytes(request, stream)), PATIENCE);
    try {
      if (response.code() >= LOWEST_FAULT) {
        throw new ApiFault(response.code(), "to a watch of " + path);
      }
      stream.forward(response.body(), length.plus(PATIENCE), lines);
    } finally {
      response.body().cancel();
    }
  }

  private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> request)
      throws ApiFault {
    try {
      return request.get();
    } catch (RuntimeException e) {
      // Foreign code: the client may have been closed, or what reads its token may fail.
      throw ApiFault.of("the API server cannot be asked", e);
    }
  }

  private <T> T await(CompletableFuture<T> answer, Duration patience)
      throws ApiFault, InterruptedException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ApiFault(0, address + " has not answered for " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw ApiFault.of(address + " cannot be asked", e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static ApiFault fault(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String message = text;
    if (text.startsWith("{")) {
      try {
        message = Json.text(Json.object(body), "message");
      } catch (ApiFault e) {
        message = text;
      }
    }
    return new ApiFault(status, Quote.plain(message.strip()));
  }
}
