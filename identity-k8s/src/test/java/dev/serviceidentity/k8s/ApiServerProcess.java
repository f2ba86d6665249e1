// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * An API server of a test's own on the etcd of the real cluster, to be killed and frozen without
 * disturbing others.
 */
public final class ApiServerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final List<String> command;
  private final int port;
  private Process process;

  private ApiServerProcess(List<String> command, int port) throws Exception {
    this.command = command;
    this.port = port;
    start();
  }

  /** Skips the test where the cluster's own process cannot be seen. */
  public static ApiServerProcess open() throws Exception {
    Path pidFile = RealCluster.kubeconfig().resolveSibling("run").resolve("kube-apiserver.pid");
    Assumptions.assumeTrue(
        Files.isReadable(pidFile), "no kube-apiserver process beside the kubeconfig");
    String pid = Files.readString(pidFile).strip();
    int port = freePort();
    var command = new ArrayList<String>();
    for (String argument : Files.readString(Path.of("/proc", pid, "cmdline")).split("\0", -1)) {
      if (argument.startsWith("--secure-port=")) {
        command.add("--secure-port=" + port);
      } else if (!argument.isEmpty()) {
        command.add(argument);
      }
    }
    return new ApiServerProcess(command, port);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts it again after it was killed, and waits until it answers. */
  public void start() throws Exception {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (KubernetesClient client = client()) {
      Eventually.eventually("the API server is ready", () -> isReady(client), each -> each);
    }
  }

  private static boolean isReady(KubernetesClient client) {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  public KubernetesClient client() {
    Config config = RealCluster.config();
    config.setMasterUrl("https://127.0.0.1:" + port + "/");
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public void freeze() throws Exception {
    signal("-STOP");
  }

  public void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
