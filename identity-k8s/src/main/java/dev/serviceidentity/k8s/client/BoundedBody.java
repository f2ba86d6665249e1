// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A body that is read only as far as it is not too large. Its pieces come one after the other. */
final class BoundedBody implements AsyncBody.Consumer<List<ByteBuffer>> {
  private final int most;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Optional<byte[]>> whole = new CompletableFuture<>();

  BoundedBody(int most) {
    this.most = most;
  }

  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody body) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.remaining() > most - bytes.size()) {
        whole.complete(Optional.empty());
        body.cancel();
        return;
      }
      var part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    body.consume();
  }

  /** All of it, once it has come; empty if it is too large. */
  CompletableFuture<Optional<byte[]>> of(AsyncBody body) {
    CompletableFuture<Void> unused =
        body.done()
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    whole.complete(Optional.of(bytes.toByteArray()));
                  } else {
                    whole.completeExceptionally(failure);
                  }
                });
    body.consume();
    return whole;
  }
}
