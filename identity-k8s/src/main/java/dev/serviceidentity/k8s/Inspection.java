// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.spi.BackgroundThread;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a view finds when it looks at itself and at the services that its owner calls. While there
 * are such services, it looks now and then by itself: until all has been as it should be once, the
 * view is not ready. Thread-safe.
 */
final class Inspection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KubernetesNetwork.class.getName());
  private static final Duration WHILE_BROKEN = Duration.ofSeconds(10);
  private static final Duration WHILE_FINE = Duration.ofMinutes(1);
  private static final String RIGHTS = "docs/kubernetes-live.md lists the rights.";

  private final ViewSource source;
  private final List<ServiceTarget> targets;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final BackgroundThread thread = new BackgroundThread("identity-kubernetes-targets");
  private volatile Outcome last;

  /** Once set, never forgotten, also if an older look ends later. */
  private volatile boolean everHeld;

  /** What came of the last look; empty if all was as it should be. */
  private record Outcome(String broken, Instant since) {}

  Inspection(ViewSource source, List<ServiceTarget> targets, Clock clock) {
    this.source = source;
    this.targets = List.copyOf(targets);
    this.clock = clock;
    this.last = new Outcome("nothing has been looked at yet", clock.instant());
  }

  void start() {
    if (!targets.isEmpty()) {
      thread.execute(this::watch);
    }
  }

  private void watch() {
    try {
      do {
        lookLogged();
      } while (!closed.await(pause().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    return last.broken().isEmpty() ? WHILE_FINE : WHILE_BROKEN;
  }

  private void lookLogged() {
    try {
      now(new FirstBroken());
    } catch (RuntimeException | Error e) {
      // The outermost loop of this thread: a bug in one look must not end all others, nor must too
      // little memory.
      LOG.log(Level.ERROR, "The targets could not be looked at", e);
      settle("the targets could not be looked at: " + e);
    }
  }

  private void settle(String broken) {
    if (broken.isEmpty()) {
      everHeld = true;
    }
    Outcome before = last;
    boolean same = before.broken().isEmpty() == broken.isEmpty();
    last = new Outcome(broken, same ? before.since() : clock.instant());
  }

  /** Looks now, and tells what is found. */
  void now(FindingListener heard) {
    var tee = new FirstBroken(heard);
    source.inspect(tee);
    new ReadableObjects(concerned()).tell(source.report(), tee);
    if (!targets.isEmpty()) {
      targets(tee);
    }
    settle(tee.first());
  }

  /** The namespaces whose policies decide about this service and those that it calls. */
  private Set<String> concerned() {
    var namespaces = new HashSet<String>();
    source.view().self().map(Workload::namespace).ifPresent(namespaces::add);
    targets.stream().map(ServiceTarget::namespace).forEach(namespaces::add);
    return namespaces;
  }

  private void targets(FindingListener heard) {
    NetworkView view = source.view();
    Optional<Workload> own = view.self();
    if (view instanceof ClusterView seen && own.isPresent()) {
      targets.forEach(each -> target(each.from(own.get().namespace()), own.get(), seen, heard));
    } else if (view instanceof BlindView blind) {
      heard.broken("targets", "none is checked: " + blind.why(), "See health().");
    } else {
      heard.broken(
          "targets",
          "none is checked while this service's own pod is not known",
          "Call ownPod(namespace, name).");
    }
  }

  private void target(ServiceTarget target, Workload own, ClusterView seen, FindingListener heard) {
    try {
      var backing = source.backing(target.namespace(), target.service());
      new TargetCheck(FlowEnd.of(own), target, backing, heard).check(seen.principals());
    } catch (IdentityException e) {
      heard.broken(
          target.toString(),
          "what stands behind it is not known: " + e.getMessage(),
          e.code() == IdentityException.Code.CONFIGURATION ? "Grant the right; " + RIGHTS : "");
    }
  }

  /** The health of a view, whose owner is not ready before all has been as it should be. */
  Health.Part onto(Health.Part seen) {
    Outcome found = last;
    if (targets.isEmpty() || found.broken().isEmpty()) {
      return seen;
    }
    boolean held = everHeld;
    Status atLeast = held ? Status.DEGRADED : Status.DOWN;
    boolean worse = seen.status().compareTo(atLeast) >= 0;
    return new Health.Part(
        seen.name(),
        worse ? seen.status() : atLeast,
        (held ? "" : "not ready: ") + found.broken() + "; " + seen.detail(),
        worse ? seen.since() : found.since());
  }

  @Override
  public void close() {
    closed.countDown();
    thread.close();
  }
}
