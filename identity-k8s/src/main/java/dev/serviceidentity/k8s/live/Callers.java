// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.budget.Bill;
import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.Json;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.spi.BackgroundThread;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Who calls, in a view that does not watch all pods: the pods of a service account are watched from
 * the time when they are first asked about. What is found by an address only says whose pods to
 * watch; nothing is decided by it. Thread-safe.
 */
final class Callers implements AutoCloseable {
  /** Each has a thread and a connection. */
  private static final int MOST_WATCHED = 32;

  private static final int MOST_WAITING = 128;

  private static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);
  private static final CompletableFuture<Boolean> REFUSED =
      CompletableFuture.completedFuture(false);

  private final Watched.Context context;
  private final PodHoldings pods;
  private final BackgroundThread byAccount = new BackgroundThread("identity-kubernetes-accounts");

  /** Also those that are watched. */
  private final Map<ServiceAccountName, CompletableFuture<Void>> accounts =
      new ConcurrentHashMap<>();

  private final Map<IpAddress, CompletableFuture<Void>> addresses = new ConcurrentHashMap<>();

  /** The eldest first. Used by the thread for accounts alone. */
  private final Map<ServiceAccountName, Watch> watches = new LinkedHashMap<>();

  /** Those of which no sight has shown anything yet. */
  private final Collection<Following> unseen = new ConcurrentLinkedQueue<>();

  /** What is watched, and the group of the caller who was the first to need it. */
  private record Watch(String group, Following following) {}

  Callers(Watched.Context context, PodHoldings pods) {
    this.context = context;
    this.pods = pods;
  }

  /**
   * Watches the pods of an account; completes once they have been seen in a view, or with false if
   * that must not be begun now.
   */
  CompletionStage<Boolean> watchPodsOf(ServiceAccountName account, Bill bill) {
    return once(
        accounts,
        account,
        MOST_WATCHED + MOST_WAITING,
        bill,
        seen -> byAccount.execute(() -> watch(account, bill.payer().group(), seen)));
  }

  /** Watches the pods of the accounts that have a pod with an address, in the same way. */
  CompletionStage<Boolean> watchOwnersOf(IpAddress address, Bill bill) {
    return once(addresses, address, MOST_WAITING, bill, seen -> find(address, bill, seen));
  }

  /** One piece of work for all who ask; none if there is too much already. */
  private static <K> CompletionStage<Boolean> once(
      Map<K, CompletableFuture<Void>> all,
      K key,
      int most,
      Bill bill,
      Consumer<CompletableFuture<Void>> work) {
    CompletableFuture<Void> first = all.get(key);
    if (first == null) {
      if (all.size() >= most || !bill.maySpend()) {
        return REFUSED;
      }
      var mine = new CompletableFuture<Void>();
      first = all.putIfAbsent(key, mine);
      if (first == null) {
        work.accept(mine);
        first = mine;
      }
    }
    return first.isDone() ? DONE : first.thenApply(seen -> true);
  }

  private void watch(ServiceAccountName account, String group, CompletableFuture<Void> seen) {
    if (watches.size() >= MOST_WATCHED) {
      forget(superfluous(group));
    }
    Resource resource =
        Resource.of(LiveKind.POD)
            .in(account.namespace())
            .where("spec.serviceAccountName", account.name())
            .fromMemory();
    Holding<PodFacts> holding = pods.holding(resource);
    put(() -> pods.add(holding));
    Following following = Following.start(context, holding, seen);
    unseen.add(following);
    watches.put(account, new Watch(group, following));
  }

  /**
   * The eldest of the group that has caused most, so that nobody who makes many accounts be watched
   * can make others be forgotten who need few.
   */
  private ServiceAccountName superfluous(String newcomer) {
    Map<String, Long> counts =
        watches.values().stream()
            .collect(Collectors.groupingBy(Watch::group, Collectors.counting()));
    counts.merge(newcomer, 1L, Long::sum);
    // The first of several that compare alike.
    return watches.entrySet().stream()
        .min(Comparator.comparingLong(each -> -counts.getOrDefault(each.getValue().group(), 0L)))
        .orElseThrow()
        .getKey();
  }

  private void forget(ServiceAccountName account) {
    Following following = Objects.requireNonNull(watches.remove(account)).following();
    accounts.remove(account);
    unseen.remove(following);
    following.close();
    put(() -> pods.remove(following.holding()));
  }

  private void put(Runnable change) {
    try {
      context.updater().put(change);
    } catch (InterruptedException e) {
      // Closing; nobody asks any more.
      Thread.currentThread().interrupt();
    }
  }

  private void find(IpAddress address, Bill bill, CompletableFuture<Void> seen) {
    Resource at = Resource.of(LiveKind.POD).where("status.podIP", address.toString()).fromMemory();
    CompletableFuture<Void> unused =
        context
            .api()
            .getLater(at.page(1, ""))
            .thenCompose(page -> watchAll(owners(pods.topic(at), page), bill))
            .whenComplete(
                // The address stays unknown if there is a failure; that the API server has
                // troubles is said by those who watch.
                (nothing, failure) -> {
                  addresses.remove(address);
                  seen.completeAsync(() -> null);
                });
  }

  private static Set<ServiceAccountName> owners(Topic<PodFacts> topic, byte[] page) {
    Set<ServiceAccountName> owners = new HashSet<>();
    try {
      Json.page(
          page,
          json -> {
            PodFacts pod = topic.map(json).facts();
            if (pod != null && pod.isAlive()) {
              owners.add(pod.runsAs());
            }
          });
    } catch (ApiFault unreadable) {
      owners.clear();
    }
    return owners;
  }

  private CompletableFuture<Void> watchAll(Set<ServiceAccountName> owners, Bill bill) {
    return CompletableFuture.allOf(
        owners.stream()
            .map(owner -> watchPodsOf(owner, bill).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Tells those who wait that a view shows their pods. On the updater's thread. */
  void published() {
    unseen.forEach(Following::published);
    unseen.removeIf(Following::isSeen);
  }

  @Override
  public void close() {
    byAccount.execute(() -> watches.values().forEach(each -> each.following().close()));
  }
}
