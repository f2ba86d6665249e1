// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster that changes while others ask it. */
class ChangingClusterTest {
  private static final int THREADS = 4;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final FakeCluster cluster =
      FakeCluster.create().namespace("shop").pod("shop/web").pod("shop/orders");

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private <T> List<T> together(Callable<T> task) throws Exception {
    var start = new CountDownLatch(1);
    var running = new ArrayList<Future<T>>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          threads.submit(
              () -> {
                start.await();
                return task.call();
              }));
    }
    start.countDown();
    var results = new ArrayList<T>();
    for (Future<T> each : running) {
      results.add(each.get());
    }
    return results;
  }

  @Test
  void whoAsksMeanwhileIsAnsweredFromBeforeOrAfterAChange() throws Exception {
    var flow =
        new Flow(
            FlowEnd.pod("shop", "web"),
            FlowEnd.pod("shop", "orders"),
            8080,
            Protocol.TCP,
            Side.BOTH);
    var turn = new AtomicInteger();

    List<Boolean> agreed =
        together(
            () -> {
              boolean always = true;
              for (int i = 0; i < 50; i++) {
                if (turn.getAndIncrement() % 5 == 0) {
                  cluster.policy("shop/closed", "podSelector: {}");
                  cluster.policy("shop/closed", "podSelector: {matchLabels: {app: nobody}}");
                }
                PolicyDecision decision = cluster.check(flow);
                boolean denied = decision.verdict() == Verdict.DENIED;
                String why = decision.explanation(flow).summary();
                always &= why.contains(denied ? "is denied" : "is allowed");
              }
              return always;
            });

    assertThat(agreed).containsOnly(true);
  }

  @Test
  void changesAtOnceAllHappen() throws Exception {
    together(
        () -> {
          for (int i = 0; i < 10; i++) {
            cluster.pod("shop/p-" + Thread.currentThread().getId() + "-" + i);
          }
          return true;
        });

    var addresses =
        cluster.view().manifests().facts().pods().stream()
            .map(pod -> pod.placement().addresses())
            .toList();
    assertThat(addresses).hasSize(2 + THREADS * 10).doesNotHaveDuplicates();
  }
}
