// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.spi.BackgroundThread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Watches the pods that the rules in force could admit before they call, where these are few: all
 * of them together must not be more than a small view may hold. Those that are too many are
 * followed from their first call on, like callers whom no rule names. Used by the updater's thread,
 * which alone changes anything.
 */
final class Prefetch implements AutoCloseable {
  /** Each has a thread and a connection. */
  private static final int MOST_WATCHED = 8;

  /** Each is some 10 kB on its way here. */
  private static final int MOST_PODS = 50;

  private static final int MOST_NAMED = 3;
  private static final long COUNT_AGAIN_SECONDS = 10;

  private final Watched.Context context;
  private final Holdings holdings;
  private final BackgroundThread counting = new BackgroundThread("identity-kubernetes-admitted");

  /** With how many pods each had at first. */
  private final Map<Resource, Watch> watches = new ConcurrentHashMap<>();

  private final Set<Resource> counted = new HashSet<>();

  /** What is not watched, because there are too many. */
  private final Set<Resource> large = new HashSet<>();

  private Set<String> wide = Set.of();
  private long revision = -1;

  private record Watch(Following following, int pods) {}

  Prefetch(Watched.Context context, Holdings holdings) {
    this.context = context;
    this.holdings = holdings;
  }

  /** A sight has been published. */
  void published() {
    long now = holdings.revisionOfRules();
    if (now != revision) {
      revision = now;
      holdings.pods().own().ifPresent(this::follow);
    }
    dropGrown();
  }

  private void follow(PodFacts own) {
    Admitted admitted = Admitted.to(own, holdings.policiesInForce(), holdings.namespaces().facts());
    wide = admitted.wide();
    Set<Resource> wanted = admitted.pods();
    watches.keySet().stream().filter(each -> !wanted.contains(each)).toList().forEach(this::stop);
    // Where there was no room before there may be some now.
    large.clear();
    counted.retainAll(wanted);
    for (Resource each : wanted) {
      if (!watches.containsKey(each) && counted.add(each)) {
        counting.execute(() -> count(each));
      }
    }
  }

  /** On the thread for counting. */
  private void count(Resource resource) {
    try {
      int pods = -1;
      while (pods < 0) {
        pods = counted(resource);
        if (pods < 0 && context.closed().await(COUNT_AGAIN_SECONDS, TimeUnit.SECONDS)) {
          return;
        }
      }
      int found = pods;
      context.updater().put(() -> begin(resource, found));
    } catch (InterruptedException e) {
      // Closing.
      Thread.currentThread().interrupt();
    }
  }

  /** How many there are, as far as that matters; less than 0 if it is not known now. */
  private int counted(Resource resource) throws InterruptedException {
    try {
      Map<String, Object> table = context.api().getTable(resource.table(MOST_PODS + 1));
      return table.get("rows") instanceof List<?> rows ? rows.size() : 0;
    } catch (ApiFault fault) {
      // Who may not see them is told by the watch of them.
      return fault.isForbidden() ? 0 : -1;
    }
  }

  private void begin(Resource resource, int pods) {
    if (!counted.remove(resource)) {
      return;
    }
    int others = watches.values().stream().mapToInt(Watch::pods).sum();
    if (watches.size() == MOST_WATCHED || others + pods > MOST_PODS) {
      large.add(resource);
      return;
    }
    var holding = holdings.pods().holding(resource);
    holdings.pods().add(holding);
    var following = Following.start(context, holding, new CompletableFuture<>());
    watches.put(resource, new Watch(following, pods));
  }

  private void stop(Resource resource) {
    Watch watch = watches.remove(resource);
    if (watch != null) {
      watch.following().close();
      holdings.pods().remove(watch.following().holding());
    }
  }

  private void dropGrown() {
    List<Resource> grown =
        watches.values().stream()
            .map(each -> each.following().holding())
            .filter(holding -> holding.objects().size() > 2 * MOST_PODS)
            .map(holding -> holding.topic().resource())
            .toList();
    grown.forEach(this::stop);
    large.addAll(grown);
  }

  /** What is only followed from its first call on, for people; empty if there is nothing. */
  String unwatched() {
    var all = new ArrayList<String>();
    wide.forEach(policy -> all.add("whom " + policy + " admits from everywhere"));
    large.forEach(pods -> all.add(pods.toString()));
    if (all.isEmpty()) {
      return "";
    }
    int more = all.size() - MOST_NAMED;
    return "followed from their first call on only: "
        + String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }

  @Override
  public void close() {
    counting.close();
    watches.values().forEach(each -> each.following().close());
  }
}
