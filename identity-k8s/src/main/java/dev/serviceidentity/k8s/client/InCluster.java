// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import dev.serviceidentity.identity.IdentityException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What Kubernetes tells each pod of itself: by variables of the environment, and by the files of
 * its service account.
 *
 * @param environment the variables
 * @param serviceAccount where the files are
 */
public record InCluster(Map<String, String> environment, Path serviceAccount)
    implements ClientSource {
  private static final Path FILES = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /**
   * What it tells this process.
   *
   * @return a source of clients
   */
  public static InCluster ofThisProcess() {
    return new InCluster(System.getenv(), FILES);
  }

  /** The token is read for each request, since it is replaced before it expires. */
  @Override
  public KubernetesClient open() {
    String host = variable("KUBERNETES_SERVICE_HOST");
    String port = variable("KUBERNETES_SERVICE_PORT");
    Path token = file("token");
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(
                "https://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port)
            .withCaCertFile(file("ca.crt").toString())
            .withOauthTokenProvider(() -> read(token))
            // Each watch has a connection of its own, so that one that is lost is given up.
            .withHttp2Disable(true)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close(KubernetesClient client) {
    client.close();
  }

  /**
   * The pod's name by the downward API, or else its host name, which is the same but for pods on
   * the host network.
   */
  @Override
  public Optional<PodName> ownPod() {
    String name = environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", ""));
    Path file = serviceAccount.resolve("namespace");
    String namespace =
        environment.getOrDefault("POD_NAMESPACE", Files.isRegularFile(file) ? read(file) : "");
    return name.isEmpty() || namespace.isEmpty()
        ? Optional.empty()
        : Optional.of(new PodName(namespace, name));
  }

  private String variable(String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw nowhere("the variable " + name + " is not set");
    }
    return value;
  }

  private Path file(String name) {
    Path file = serviceAccount.resolve(name);
    if (!Files.isReadable(file)) {
      throw nowhere("the file " + file + " cannot be read");
    }
    return file;
  }

  private static IdentityException nowhere(String why) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "This process does not run in a pod with a service account: "
            + why
            + "; mount the service account's token, or give a client by using(client)");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
