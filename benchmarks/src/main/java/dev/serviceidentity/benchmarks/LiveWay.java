// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.WorkloadBinding;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A way of knowing the pods, namespaces and policies of a cluster. */
enum LiveWay {
  /** Ours, for a service. */
  LEAN("ours, the default view") {
    @Override
    AutoCloseable open(KubernetesClient client) {
      return KubernetesNetwork.using(client)
          .ownPod(FloodCluster.NAMESPACE, "orders")
          .binding(WorkloadBinding.builder().trustDomain("shop.example").build())
          .openTimeout(LONGEST)
          .open();
    }
  },

  /** Ours, for a gateway. */
  WHOLE("ours, `wholeCluster()`") {
    @Override
    AutoCloseable open(KubernetesClient client) {
      return KubernetesNetwork.using(client).wholeCluster().openTimeout(LONGEST).open();
    }
  },

  /** The client's own informers, that keep of a pod what ours keep, and list in pages. */
  TRIMMED("informers, pods trimmed, pages of 500") {
    @Override
    AutoCloseable open(KubernetesClient client) throws Exception {
      SharedIndexInformer<Pod> pods =
          client.pods().inAnyNamespace().withLimit(500L).runnableInformer(0);
      pods.itemStore(
          new ReducedStateItemStore<>(
              ReducedStateItemStore.NAME_KEY_STATE,
              Pod.class,
              new KubernetesSerialization(),
              "metadata.labels",
              "spec.serviceAccountName",
              "status.phase",
              "status.podIPs"));
      return started(client, pods);
    }
  },

  /** The client's own informers, as they are. */
  INFORMERS("informers, pods whole") {
    @Override
    AutoCloseable open(KubernetesClient client) throws Exception {
      return started(client, client.pods().inAnyNamespace().runnableInformer(0));
    }
  };

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final String text;

  LiveWay(String text) {
    this.text = text;
  }

  /** Returns once all is known. */
  abstract AutoCloseable open(KubernetesClient client) throws Exception;

  private static AutoCloseable started(KubernetesClient client, SharedIndexInformer<Pod> pods)
      throws Exception {
    List<SharedIndexInformer<? extends HasMetadata>> all =
        List.of(
            pods,
            client.namespaces().runnableInformer(0),
            client.network().v1().networkPolicies().inAnyNamespace().runnableInformer(0));
    for (SharedIndexInformer<?> each : all) {
      each.start().toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }
    return () -> all.forEach(SharedIndexInformer::stop);
  }

  @Override
  public String toString() {
    return text;
  }
}
