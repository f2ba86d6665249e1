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
import java.time.Duration;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** Nobody waits longer, whatever becomes of the watch. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final CompletableFuture<Boolean> REFUSED =
      CompletableFuture.completedFuture(false);

  private final Watched.Context context;
  private final PodHoldings pods;
  private final BackgroundThread byAccount = new BackgroundThread("identity-kubernetes-accounts");

  /** Also those that are watched. */
  private final Map<ServiceAccountName, CompletableFuture<Boolean>> accounts =
      new ConcurrentHashMap<>();

  private final Map<IpAddress, CompletableFuture<Boolean>> addresses = new ConcurrentHashMap<>();

  /** The eldest first. Used by the thread for accounts alone. */
  private final Map<ServiceAccountName, Following> watches = new LinkedHashMap<>();

  /** Those of which no sight has shown anything yet. */
  private final Collection<Following> unseen = new ConcurrentLinkedQueue<>();

  Callers(Watched.Context context, PodHoldings pods) {
    this.context = context;
    this.pods = pods;
  }

  /**
   * Watches the pods of an account; completes once they have been seen in a view, or with false if
   * that must not be begun now, or takes too long.
   */
  CompletionStage<Boolean> watchPodsOf(ServiceAccountName account, Bill bill) {
    return once(
        accounts,
        account,
        MOST_WATCHED + MOST_WAITING,
        bill,
        seen -> byAccount.execute(() -> watch(account, seen)));
  }

  /**
   * Watches the pods of the accounts that have a pod with an address, in the same way; completes
   * with true only if all who have it now are known.
   */
  CompletionStage<Boolean> watchOwnersOf(IpAddress address, Bill bill) {
    return once(addresses, address, MOST_WAITING, bill, seen -> find(address, bill, seen));
  }

  /** One piece of work for all who ask; none if there is too much already. */
  private static <K> CompletionStage<Boolean> once(
      Map<K, CompletableFuture<Boolean>> all,
      K key,
      int most,
      Bill bill,
      Consumer<CompletableFuture<Boolean>> work) {
    CompletableFuture<Boolean> first = all.get(key);
    if (first == null) {
      if (all.size() >= most || !bill.maySpend()) {
        return REFUSED;
      }
      CompletableFuture<Boolean> mine = endingInTime();
      first = all.putIfAbsent(key, mine);
      if (first == null) {
        work.accept(mine);
        first = mine;
      }
    }
    return first;
  }

  private static CompletableFuture<Boolean> endingInTime() {
    var seen = new CompletableFuture<Boolean>();
    CompletableFuture<Void> unused =
        CompletableFuture.runAsync(
            // What follows is others' work, and not for the thread of the timers.
            () -> seen.complete(false),
            CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    return seen;
  }

  private void watch(ServiceAccountName account, CompletableFuture<Boolean> seen) {
    if (watches.size() >= MOST_WATCHED) {
      forget(superfluous(account.namespace()));
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
    watches.put(account, following);
  }

  /**
   * The eldest of the namespace that most are of, so that nobody who makes many accounts be watched
   * can make those of others be forgotten who need few, whatever name they call by.
   */
  private ServiceAccountName superfluous(String newcomer) {
    Map<String, Long> counts =
        watches.keySet().stream()
            .collect(Collectors.groupingBy(ServiceAccountName::namespace, Collectors.counting()));
    counts.merge(newcomer, 1L, Long::sum);
    // The first of several that compare alike.
    return watches.keySet().stream()
        .min(Comparator.comparingLong(each -> -counts.getOrDefault(each.namespace(), 0L)))
        .orElseThrow();
  }

  private void forget(ServiceAccountName account) {
    Following following = Objects.requireNonNull(watches.remove(account));
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

  private void find(IpAddress address, Bill bill, CompletableFuture<Boolean> seen) {
    Resource at = Resource.of(LiveKind.POD).where("status.podIP", address.toString()).fromMemory();
    CompletableFuture<Boolean> unused =
        context
            .api()
            .getLater(at.page(1, ""))
            .thenCompose(page -> watchAll(pods.topic(at), page, bill))
            .whenComplete(
                // The address stays unknown if there is a failure; that the API server has
                // troubles is said by those who watch.
                (all, failure) -> {
                  addresses.remove(address);
                  seen.completeAsync(() -> failure == null && all);
                });
  }

  /** Returns whether everybody is known: also who cannot be read may have the address. */
  private CompletableFuture<Boolean> watchAll(Topic<PodFacts> topic, byte[] page, Bill bill) {
    Set<ServiceAccountName> owners = new HashSet<>();
    var unread = new AtomicBoolean();
    try {
      Json.page(
          page,
          json -> {
            PodFacts pod = topic.map(json).facts();
            if (pod == null) {
              unread.set(true);
            } else if (pod.isAlive()) {
              owners.add(pod.runsAs());
            }
          });
    } catch (ApiFault unreadable) {
      return REFUSED;
    }
    CompletableFuture<Boolean> all = CompletableFuture.completedFuture(!unread.get());
    for (ServiceAccountName owner : owners) {
      all = all.thenCombine(watchPodsOf(owner, bill), (others, one) -> others && one);
    }
    return all;
  }

  /** Tells those who wait that a view shows their pods. On the updater's thread. */
  void published() {
    unseen.forEach(Following::published);
    unseen.removeIf(Following::isSeen);
  }

  @Override
  public void close() {
    byAccount.execute(() -> watches.values().forEach(Following::close));
  }
}
