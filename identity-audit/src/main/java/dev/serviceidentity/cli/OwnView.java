// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.LiveNetworkBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A view of the live cluster from one of its pods, in the pod itself or from elsewhere. */
final class OwnView {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @ArgGroup(exclusive = false)
  private @Nullable KubeconfigOptions kubeconfig;

  @Option(
      names = "--own-pod",
      paramLabel = "NAMESPACE/NAME",
      description =
          "Which pod is meant. In a pod that is known from POD_NAMESPACE and POD_NAME, or from the"
              + " service account's files and HOSTNAME; with --kubeconfig it must be said.")
  private @Nullable String ownPod;

  @Option(
      names = "--trust-loopback-pods",
      description =
          "Takes loopback addresses of pods for theirs, where one machine plays a cluster.")
  private boolean loopback;

  /** Whether anything says which cluster and pod are meant, or this runs in one. */
  boolean isSaid(Session session) {
    return kubeconfig != null || ownPod != null || isInPod(session);
  }

  private static boolean isInPod(Session session) {
    return session.environment().containsKey("KUBERNETES_SERVICE_HOST");
  }

  /** An open view, and the client that it uses if that is not its own. */
  record Opened(KubernetesNetwork network, @Nullable KubernetesClient client)
      implements AutoCloseable {
    @Override
    public void close() {
      network.close();
      if (client != null) {
        client.close();
      }
    }
  }

  Opened open(Session session, UnaryOperator<LiveNetworkBuilder> settings) {
    KubeconfigOptions options = kubeconfig;
    if (options == null) {
      if (!isInPod(session)) {
        throw Program.unusable(
            "this does not run in a pod; say --kubeconfig and --own-pod NAMESPACE/NAME");
      }
      return session
          .progress()
          .during(
              "reading the cluster",
              () -> new Opened(open(KubernetesNetwork.inCluster(), settings), null));
    }
    if (ownPod == null) {
      throw Program.unusable("with a kubeconfig, say --own-pod NAMESPACE/NAME");
    }
    Kubeconfig chosen = options.choose(session);
    return session
        .progress()
        .during("reading the cluster of " + chosen, () -> open(chosen.connect(), settings));
  }

  private Opened open(KubernetesClient client, UnaryOperator<LiveNetworkBuilder> settings) {
    boolean complete = false;
    try {
      var opened = new Opened(open(KubernetesNetwork.using(client), settings), client);
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        client.close();
      }
    }
  }

  private KubernetesNetwork open(
      LiveNetworkBuilder builder, UnaryOperator<LiveNetworkBuilder> settings) {
    LiveNetworkBuilder network = settings.apply(builder.openTimeout(PATIENCE));
    if (ownPod != null) {
      String[] path = ownPod.split("/", -1);
      if (path.length != 2 || path[0].isEmpty() || path[1].isEmpty()) {
        throw Program.unusable("'" + ownPod + "' is no pod; write --own-pod NAMESPACE/NAME");
      }
      network.ownPod(path[0], path[1]);
    }
    return (loopback ? network.trustLoopbackPods() : network).open();
  }
}
