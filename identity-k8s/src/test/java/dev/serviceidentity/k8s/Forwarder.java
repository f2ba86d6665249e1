// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Hands connections on to the real API server as they are, until a test cuts them. */
final class Forwarder implements AutoCloseable {
  private final URI server = URI.create(RealCluster.config().getMasterUrl());
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Forwarder() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  KubernetesClient client() {
    Config config = RealCluster.config();
    config.setMasterUrl("https://127.0.0.1:" + listening.getLocalPort() + "/");
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Ends all connections that there are, and says how many; new ones are taken. */
  int cut() throws IOException {
    int ended = 0;
    for (Socket each : open) {
      open.remove(each);
      each.close();
      ended++;
    }
    return ended / 2;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket from = listening.accept();
        var to = new Socket(server.getHost(), server.getPort());
        open.add(from);
        open.add(to);
        threads.execute(() -> forward(from, to));
        threads.execute(() -> forward(to, from));
      } catch (IOException e) {
        // It was closed, or the API server takes no connection: the one that asked times out.
      }
    }
  }

  private void forward(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The connection has ended, which is the end of the other half too.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
    threads.shutdownNow();
  }
}
