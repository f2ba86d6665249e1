// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body that arrives in pieces into lines. The pieces are asked for one by one by the thread
 * that handles the lines, so that nothing is handled any more once it has turned to something else.
 */
final class LineStream implements AsyncBody.Consumer<List<ByteBuffer>> {
  private static final int LONGEST_LINE = 16 << 20;

  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Bytes, or the end: with a failure, unless it came as it should. */
  private record Piece(@Nullable ByteBuffer bytes, @Nullable Throwable failure) {}

  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody body) {
    var bytes = new ByteArrayOutputStream();
    for (ByteBuffer buffer : buffers) {
      var part = new byte[buffer.remaining()];
      buffer.get(part);
      bytes.writeBytes(part);
    }
    pieces.add(new Piece(ByteBuffer.wrap(bytes.toByteArray()), null));
  }

  /** Hands on each line, until the body ends, no more are wanted, or none comes for a while. */
  void forward(AsyncBody body, Duration silence, ApiServer.Lines lines)
      throws ApiFault, InterruptedException {
    CompletableFuture<Void> unused =
        body.done().whenComplete((nothing, failure) -> pieces.add(new Piece(null, failure)));
    while (true) {
      body.consume();
      Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      if (piece == null) {
        throw new ApiFault(0, "the API server has sent nothing for " + silence.toSeconds() + " s");
      }
      ByteBuffer bytes = piece.bytes();
      if (bytes == null) {
        end(piece.failure());
        return;
      }
      if (!cut(bytes, lines)) {
        return;
      }
    }
  }

  private static void end(@Nullable Throwable failure) throws ApiFault {
    if (failure != null) {
      throw ApiFault.of("the watch broke off", failure);
    }
  }

  private boolean cut(ByteBuffer bytes, ApiServer.Lines lines)
      throws ApiFault, InterruptedException {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n') {
        byte[] complete = line.toByteArray();
        line.reset();
        if (!lines.accept(complete)) {
          return false;
        }
      } else {
        line.write(next);
      }
    }
    if (line.size() > LONGEST_LINE) {
      throw new ApiFault(0, "the API server sends a line longer than " + LONGEST_LINE + " bytes");
    }
    return true;
  }
}
