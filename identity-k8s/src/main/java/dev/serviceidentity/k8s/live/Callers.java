// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.Json;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.spi.BackgroundThread;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Who calls, in a view that does not watch all pods: the pods of a service account are watched from
 * the time when they are first asked about. What is found by an address only says whose pods to
 * watch; nothing is decided by it. Thread-safe.
 */
final class Callers implements AutoCloseable {
  /** Each has a thread and a connection. */
  private static final int MOST_WATCHED = 32;

  private static final int MOST_WAITING = 128;

  /** Whoever calls from many addresses must not make the API server busy. */
  private static final long PAUSE_MILLIS = 50;

  private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);

  private final Watched.Context context;
  private final PodHoldings pods;
  private final BackgroundThread byAccount = new BackgroundThread("identity-kubernetes-accounts");
  private final BackgroundThread byAddress = new BackgroundThread("identity-kubernetes-addresses");

  /** Also those that are watched. */
  private final Map<ServiceAccountName, CompletableFuture<Void>> accounts =
      new ConcurrentHashMap<>();

  private final Map<IpAddress, CompletableFuture<Void>> addresses = new ConcurrentHashMap<>();

  /** The eldest first. Used by the thread for accounts alone. */
  private final Map<ServiceAccountName, Watch> watches = new LinkedHashMap<>();

  /** Used by the updater's thread alone. */
  private final Map<Holding<PodFacts>, CompletableFuture<Void>> unseen = new LinkedHashMap<>();

  /** What is watched, and by which thread. */
  private record Watch(BackgroundThread thread, Holding<PodFacts> holding) {}

  Callers(Watched.Context context, PodHoldings pods) {
    this.context = context;
    this.pods = pods;
  }

  /** Watches the pods of an account; completes once they have been seen in a view. */
  CompletionStage<Void> watchPodsOf(ServiceAccountName account) {
    return once(
        accounts,
        account,
        MOST_WATCHED + MOST_WAITING,
        seen -> byAccount.execute(() -> watch(account, seen)));
  }

  /** Watches the pods of the accounts that have a pod with an address. */
  CompletionStage<Void> watchOwnersOf(IpAddress address) {
    return once(
        addresses, address, MOST_WAITING, seen -> byAddress.execute(() -> find(address, seen)));
  }

  /** One piece of work for all who ask; none if there is too much already. */
  private static <K> CompletionStage<Void> once(
      Map<K, CompletableFuture<Void>> all, K key, int most, Work work) {
    var mine = new CompletableFuture<Void>();
    CompletableFuture<Void> first =
        all.size() < most ? all.putIfAbsent(key, mine) : all.getOrDefault(key, NOTHING);
    if (first == null) {
      work.begin(mine);
    }
    return first == null ? mine : first;
  }

  /** Begins something that completes a future. */
  private interface Work {
    void begin(CompletableFuture<Void> seen);
  }

  private void watch(ServiceAccountName account, CompletableFuture<Void> seen) {
    if (watches.size() >= MOST_WATCHED) {
      forget(watches.keySet().iterator().next());
    }
    Holding<PodFacts> holding = pods.of(account);
    var thread = new BackgroundThread("identity-kubernetes-pods-of-" + account);
    watches.put(account, new Watch(thread, holding));
    put(
        () -> {
          pods.add(account, holding);
          unseen.put(holding, seen);
        });
    thread.execute(new Watched<>(context, holding));
  }

  private void forget(ServiceAccountName account) {
    Watch watch = Objects.requireNonNull(watches.remove(account));
    watch.thread.close();
    CompletableFuture<Void> seen = accounts.remove(account);
    put(
        () -> {
          pods.remove(account);
          unseen.remove(watch.holding);
        });
    if (seen != null) {
      seen.complete(null);
    }
  }

  private void put(Runnable change) {
    try {
      context.updater().put(change);
    } catch (InterruptedException e) {
      // Closing; nobody asks any more.
      Thread.currentThread().interrupt();
    }
  }

  private void find(IpAddress address, CompletableFuture<Void> seen) {
    Resource at = Resource.of(LiveKind.POD).where("status.podIP", address.toString());
    Topic<PodFacts> topic = pods.topic(at);
    Set<ServiceAccountName> owners = new HashSet<>();
    try {
      Json.page(
          context.api().get(at.hint()),
          json -> {
            PodFacts pod = topic.map(json).facts();
            if (pod != null && pod.isAlive()) {
              owners.add(pod.runsAs());
            }
          });
      context.closed().await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ApiFault unknown) {
      // The address stays unknown; that the API server has troubles is said by those who watch.
      owners.clear();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(
                owners.stream()
                    .map(owner -> watchPodsOf(owner).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new))
            .whenComplete(
                (nothing, failure) -> {
                  addresses.remove(address);
                  seen.complete(null);
                });
  }

  /** Tells those who wait that a view shows their pods. On the updater's thread. */
  void published() {
    unseen
        .entrySet()
        .removeIf(
            each -> {
              boolean isAsked = each.getKey().isAsked();
              if (isAsked) {
                // What follows is others' work, and not for the updater's thread.
                each.getValue().completeAsync(() -> null);
              }
              return isAsked;
            });
  }

  @Override
  public void close() {
    byAccount.execute(() -> watches.values().forEach(each -> each.thread.close()));
    byAddress.close();
  }
}
