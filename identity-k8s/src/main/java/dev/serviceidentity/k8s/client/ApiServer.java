// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import dev.serviceidentity.k8s.policy.Quote;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Requests to one API server. They block and are bounded in time, whatever the client's settings:
 * its own informer and watches stop for good at some answers, and go on for ever at none.
 */
public final class ApiServer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A page of 500 pods is some megabytes. */
  private static final Duration PATIENCE_FOR_PAGES = Duration.ofSeconds(30);

  private static final String JSON = "application/json";
  private static final String TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1";

  private static final int LOWEST_FAULT = 300;

  /** Who takes lines. */
  public interface Lines {
    /**
     * Takes one.
     *
     * @param line without its end
     * @return whether more are wanted
     * @throws ApiFault if it says that something is wrong
     * @throws InterruptedException if the thread was interrupted
     */
    boolean accept(byte[] line) throws ApiFault, InterruptedException;
  }

  private final HttpClient http;
  private final String address;

  /**
   * The server that a client reaches.
   *
   * @param client stays open
   */
  public ApiServer(KubernetesClient client) {
    this.http = client.getHttpClient();
    String master = client.getMasterUrl().toString();
    this.address = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
  }

  /**
   * Where it is.
   *
   * @return an address without a slash at its end
   */
  public String address() {
    return address;
  }

  /**
   * Reads.
   *
   * @param path with its query
   * @return what the server has
   * @throws ApiFault if it is not to be had
   * @throws InterruptedException if the thread was interrupted
   */
  public byte[] get(String path) throws ApiFault, InterruptedException {
    return send(request(path).build());
  }

  /**
   * Reads what may be large, and no more of it than there is room for.
   *
   * @param path with its query
   * @param most how many bytes there is room for
   * @return what the server has; empty if it is more than that
   * @throws ApiFault if it is not to be had
   * @throws InterruptedException if the thread was interrupted
   */
  public Optional<byte[]> get(String path, int most) throws ApiFault, InterruptedException {
    var bounded = new BoundedBody(most);
    HttpResponse<AsyncBody> response =
        await(begun(() -> http.consumeBytes(request(path).build(), bounded)), PATIENCE_FOR_PAGES);
    try {
      Optional<byte[]> body = await(bounded.of(response.body()), PATIENCE_FOR_PAGES);
      if (response.code() >= LOWEST_FAULT) {
        throw fault(response.code(), body.orElseGet(() -> new byte[0]));
      }
      return body;
    } finally {
      response.body().cancel();
    }
  }

  /**
   * The same as reading, without waiting for the answer.
   *
   * @param path with its query
   * @return fails with an {@link ApiFault} if the server says no
   */
  public CompletableFuture<byte[]> getLater(String path) {
    try {
      return Exchange.within(
              begun(() -> http.sendAsync(request(path).build(), byte[].class)), PATIENCE)
          .exceptionallyCompose(
              why -> CompletableFuture.failedFuture(ApiFault.of(address + " cannot be asked", why)))
          .thenCompose(
              response ->
                  response.code() < LOWEST_FAULT
                      ? CompletableFuture.completedFuture(response.body())
                      : CompletableFuture.failedFuture(fault(response.code(), response.body())));
    } catch (ApiFault fault) {
      return CompletableFuture.failedFuture(fault);
    }
  }

  /**
   * What the server has to show of objects in the columns of a table.
   *
   * @param path with its query
   * @return the table
   * @throws ApiFault if it is not to be had
   * @throws InterruptedException if the thread was interrupted
   */
  public Map<String, Object> getTable(String path) throws ApiFault, InterruptedException {
    return Json.object(send(request(path).header("Accept", TABLE).build()));
  }

  /**
   * Creates.
   *
   * @param path of the collection
   * @param body the object
   * @return what the server has made of it
   * @throws ApiFault if it did not
   * @throws InterruptedException if the thread was interrupted
   */
  public Map<String, Object> post(String path, Map<String, Object> body)
      throws ApiFault, InterruptedException {
    return Json.object(send(request(path).post(JSON, Json.bytes(body)).build()));
  }

  /**
   * Replaces.
   *
   * @param path of the object
   * @param body the object
   * @throws ApiFault if the server did not
   * @throws InterruptedException if the thread was interrupted
   */
  public void put(String path, Map<String, Object> body) throws ApiFault, InterruptedException {
    send(request(path).put(JSON, new String(Json.bytes(body), StandardCharsets.UTF_8)).build());
  }

  /**
   * Deletes.
   *
   * @param path of the object
   * @throws ApiFault if the server did not
   * @throws InterruptedException if the thread was interrupted
   */
  public void delete(String path) throws ApiFault, InterruptedException {
    send(request(path).delete(JSON, "{}").build());
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
   * Hands on the lines of an answer as they come, until it ends or no more are wanted.
   *
   * @param path of a watch
   * @param length how long the server was asked to send
   * @param lines takes them
   * @throws ApiFault if the answer is none, breaks off or stops, or {@code lines} throws it
   * @throws InterruptedException if the thread was interrupted
   */
  public void stream(String path, Duration length, Lines lines)
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
