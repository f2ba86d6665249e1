// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From the answer to a PATCH of a pod's label until a decision is another one, and beside it, at
 * the same PATCH, until the handler of an informer of the client is called.
 */
final class EventLatency implements ResourceEventHandler<Pod> {
  private static final int WARM_UP = 100;
  private static final int EVENTS = 1_000;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Flow FLOW =
      new Flow(
          FlowEnd.pod(FloodCluster.NAMESPACE, "web"),
          FlowEnd.pod(FloodCluster.NAMESPACE, "orders"),
          8080,
          Flow.Protocol.TCP,
          Flow.Side.INGRESS);

  private final KubernetesClient client;
  private final double[] decided = new double[EVENTS];
  private final double[] handled = new double[EVENTS];
  private volatile String seen = "";
  private volatile long seenAt;

  private EventLatency(KubernetesClient client) {
    this.client = client;
  }

  static void measure(KubernetesClient client) throws Exception {
    var latency = new EventLatency(client);
    try (KubernetesNetwork network =
            KubernetesNetwork.using(client)
                .wholeCluster()
                .openTimeout(Duration.ofMinutes(2))
                .open();
        SharedIndexInformer<Pod> informer =
            client.pods().inNamespace(FloodCluster.NAMESPACE).inform(latency)) {
      for (int event = -WARM_UP; event < EVENTS; event++) {
        latency.event(network, event);
      }
    }
    System.out.printf(
        "%n| %,d label changes | median | p99 | longest |%n|---|---|---|---|%n", EVENTS);
    print("our decision has changed", latency.decided);
    print("an informer's handler is called", latency.handled);
  }

  private void event(KubernetesNetwork network, int event) throws Exception {
    String app = event % 2 == 0 ? "other" : "web";
    Verdict wanted = event % 2 == 0 ? Verdict.DENIED : Verdict.ALLOWED;
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2 + Math.floorMod(event, 7)));
    client
        .pods()
        .inNamespace(FloodCluster.NAMESPACE)
        .withName("web")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"labels\":{\"app\":\"" + app + "\"}}}");
    long answered = System.nanoTime();
    while (network.check(FLOW).verdict() != wanted) {
      spin(answered);
    }
    long decidedAt = System.nanoTime();
    while (!seen.equals(app)) {
      spin(answered);
    }
    if (event >= 0) {
      decided[event] = (decidedAt - answered) / 1e6;
      handled[event] = Math.max(0, seenAt - answered) / 1e6;
    }
  }

  private static void spin(long since) {
    Thread.onSpinWait();
    if (System.nanoTime() - since > LONGEST_NANOS) {
      throw new IllegalStateException("The event does not arrive");
    }
  }

  @Override
  public void onAdd(Pod pod) {
    onUpdate(pod, pod);
  }

  @Override
  public void onUpdate(Pod before, Pod pod) {
    if (pod.getMetadata().getName().equals("web")) {
      seenAt = System.nanoTime();
      seen = pod.getMetadata().getLabels().get("app");
    }
  }

  @Override
  public void onDelete(Pod pod, boolean unknown) {
    // Nothing is deleted here.
  }

  private static void print(String what, double... millis) {
    Arrays.sort(millis);
    System.out.printf(
        "| %s | %.2f ms | %.2f ms | %.2f ms |%n",
        what, millis[EVENTS / 2], millis[EVENTS * 99 / 100], millis[EVENTS - 1]);
  }
}
