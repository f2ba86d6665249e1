// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** A port of this machine that leads to a server, and counts what comes back from there. */
final class CountingForwarder implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final URI server;
  private final ServerSocket listening;
  private final LongAdder bytes = new LongAdder();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            var thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
          });

  CountingForwarder(URI server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String address() {
    return "https://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  /** All that has come from the server. */
  long bytes() {
    return bytes.sum();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket behind = new Socket(server.getHost(), server.getPort());
        threads.execute(() -> copy(client, behind, new LongAdder()));
        threads.execute(() -> copy(behind, client, bytes));
      }
    } catch (IOException closed) {
      threads.shutdownNow();
    }
  }

  private static void copy(Socket from, Socket to, LongAdder count) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      var buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        count.add(read);
      }
    } catch (IOException closed) {
      // One end has closed, and by this the other does.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
