// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.cluster.Manifests;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** What a live cluster shows at one moment, so that all answers of a run agree. */
final class LiveManifests {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private LiveManifests() {}

  static Manifests read(KubeconfigOptions options, Session session) {
    Kubeconfig kubeconfig = options.choose(session);
    return session
        .progress()
        .during(
            "reading the cluster of " + kubeconfig,
            () -> {
              try (KubernetesClient client = kubeconfig.connect();
                  KubernetesNetwork network =
                      KubernetesNetwork.using(client)
                          .wholeCluster()
                          // Nobody connects here, as with manifests.
                          .trustLoopbackPods()
                          .openTimeout(PATIENCE)
                          .open()) {
                return network.contents();
              }
            });
  }
}
