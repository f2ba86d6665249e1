// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.budget.Bill;
import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.PodMakers;
import dev.serviceidentity.k8s.live.LiveSettings.Scope;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.spi.BackgroundThread;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Watches what policies and bindings look at in a cluster. Thread-safe. */
public final class LiveCluster implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LiveCluster.class.getName());
  private static final String NAME = "kubernetes";
  private static final String STOPPED =
      "the view of the cluster has stopped; restart the service: ";
  private static final CompletionStage<Boolean> DONE = CompletableFuture.completedStage(true);

  private final LiveSettings settings;
  private final Consumer<Sight> sights;
  private final Holdings holdings;
  private final Picture picture;
  private final Condition condition = new Condition(NAME);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch seen = new CountDownLatch(1);
  private final Updater updater = new Updater(this::publish, this::stop);
  private final Watched.Context context;
  private final Callers callers;
  private final Prefetch prefetch;
  private final List<BackgroundThread> threads = new ArrayList<>();

  /** The last one; null before everything has been asked for. */
  private @Nullable Sight sight;

  private volatile Health.Part health;
  private volatile List<Trouble> troubles = List.of();

  private LiveCluster(KubernetesClient client, LiveSettings settings, Consumer<Sight> sights) {
    this.settings = settings;
    this.sights = sights;
    var deltas = new Deltas();
    this.holdings = holdings(new Topics(settings.loopback()), deltas, settings);
    StalePolicy stale = settings.timing().stale();
    this.picture = new Picture(holdings, deltas, settings.assumptions(), stale);
    Clock clock = settings.timing().clock();
    this.context =
        new Watched.Context(new ApiServer(client), updater, clock, new SecureRandom(), closed);
    this.callers = new Callers(context, holdings.pods());
    this.prefetch = new Prefetch(context, holdings);
    this.health = condition.next(holdings, null, stale, clock.instant(), "");
  }

  private static Holdings holdings(Topics topics, Deltas deltas, LiveSettings settings) {
    Resource policies = Resource.of(LiveKind.NETWORK_POLICY);
    Scope.Lean lean = settings.scope() instanceof Scope.Lean only ? only : null;
    return new Holdings(
        new Holding<>(topics.namespaces(), deltas),
        lean == null
            ? PodHoldings.whole(topics, deltas)
            : PodHoldings.lean(topics, deltas, lean.namespace(), lean.pod()),
        lean == null || !settings.assumptions().podNetworks().isEmpty()
            ? List.of(new Holding<>(topics.nodes(), deltas))
            : List.of(),
        new Holding<>(
            topics.policies(lean == null ? policies : policies.in(lean.namespace())), deltas),
        Stream.of(LiveKind.values())
            .filter(LiveKind::isInstalled)
            .map(kind -> new Holding<>(topics.clusterPolicies(kind), deltas))
            .toList(),
        settings.annotated().stream()
            .map(namespace -> new Holding<>(topics.accounts(namespace), deltas))
            .toList(),
        new Release(deltas));
  }

  /**
   * Watches a cluster.
   *
   * @param client asks the API server; stays open when this is closed
   * @param settings how to look
   * @param sights is told each new sight, one after the other, on one thread; must not block
   * @return once everything has been seen that may be seen
   * @throws IdentityException with code {@code AUTHORITY_UNREACHABLE} if the API server has not
   *     answered in time
   */
  public static LiveCluster open(
      KubernetesClient client, LiveSettings settings, Consumer<Sight> sights) {
    var cluster = new LiveCluster(client, settings, sights);
    cluster.start();
    try {
      if (cluster.seen.await(settings.timing().openTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return cluster;
      }
      cluster.close();
      throw cluster.unreachable("within " + settings.timing().openTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cluster.close();
      throw cluster.unreachable("before this thread was interrupted");
    }
  }

  private void start() {
    updater.start();
    var asking = new BackgroundThread("identity-kubernetes-version");
    threads.add(asking);
    asking.execute(() -> holdings.release().find(context));
    holdings
        .all()
        .forEach(
            holding -> {
              String kind = holding.topic().resource().kind().plural();
              var thread = new BackgroundThread("identity-kubernetes-" + kind);
              threads.add(thread);
              thread.execute(new Watched<>(context, holding));
            });
  }

  private IdentityException unreachable(String when) {
    return new IdentityException(
        IdentityException.Code.AUTHORITY_UNREACHABLE,
        "The cluster at "
            + context.api().address()
            + " has not been seen "
            + when
            + ": "
            + health.detail());
  }

  private void publish() {
    Instant now = settings.timing().clock().instant();
    Optional<Sight> next = picture.next(now);
    next.ifPresent(sights);
    callers.published();
    sight = next.orElse(sight);
    if (isLean() && sight != null) {
      prefetch.published();
    }
    health = condition.next(holdings, sight, settings.timing().stale(), now, prefetch.unwatched());
    troubles = holdings.watched().flatMap(Trouble::of).toList();
    if (sight != null) {
      seen.countDown();
    }
  }

  /** The log comes last: where memory is short, it may be what fails. */
  private void stop(Throwable failure) {
    String why = STOPPED + failure;
    Sight last = sight;
    if (last != null) {
      sights.accept(new Sight(last.engine(), last.surroundings(), last.stamp(), why));
    }
    health = stopped(why);
    LOG.log(Level.ERROR, "The view of the cluster has stopped; nothing is decided by it", failure);
  }

  private Health.Part stopped(String why) {
    return new Health.Part(NAME, Health.Status.DOWN, why, settings.timing().clock().instant());
  }

  /**
   * Watches the pods of a service account, if not all pods are watched anyway.
   *
   * @param account whose pods
   * @param bill charged unless they are watched already
   * @return completes once a sight shows what there is, and with false if that is not asked now
   *     because too much is being asked
   */
  public CompletionStage<Boolean> watchPodsOf(ServiceAccountName account, Bill bill) {
    return isLean() ? callers.watchPodsOf(account, bill) : DONE;
  }

  /**
   * Watches the pods of those service accounts that have one with an address, if not all pods are
   * watched anyway. The API finds a pod by its first address only.
   *
   * @param address the address
   * @param bill charged unless somebody asks the same already
   * @return completes once a sight shows what there is, and with false if that is not asked now
   *     because too much is being asked
   */
  public CompletionStage<Boolean> watchOwnersOf(IpAddress address, Bill bill) {
    return isLean() ? callers.watchOwnersOf(address, bill) : DONE;
  }

  private boolean isLean() {
    return settings.scope() instanceof Scope.Lean;
  }

  /**
   * How the view does.
   *
   * @return all that is wrong, by name
   */
  public Health.Part health() {
    Health.Part last = health;
    // Whatever came in the way of saying so itself.
    return updater.hasFailed() && last.status() != Health.Status.DOWN
        ? stopped(STOPPED + "see the log")
        : last;
  }

  /**
   * What is wrong with which resource.
   *
   * @return one at most for each resource that is watched
   */
  public List<Trouble> troubles() {
    return troubles;
  }

  /**
   * Lists all pods once more for who made them, which no sight shows. Blocks.
   *
   * @return who made the pods; nobody any where pods may not be listed
   * @throws IdentityException with code {@code AUTHORITY_UNREACHABLE} if the API server does not
   *     answer
   */
  public PodMakers podMakers() {
    var makers = new PodMakers();
    try {
      Resource.of(LiveKind.POD).list(context.api(), makers::add);
    } catch (ApiFault fault) {
      if (!fault.isForbidden()) {
        throw new IdentityException(
            IdentityException.Code.AUTHORITY_UNREACHABLE,
            "The pods of the cluster cannot be listed: " + fault.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("before this thread was interrupted");
    }
    return makers;
  }

  /**
   * Asks the API server for a Service and for all that decides who reaches the pods behind it.
   * Blocks.
   *
   * @param namespace the namespace of the Service
   * @param name its name
   * @param sight what is known already
   * @return what stands behind it now
   * @throws IdentityException with code {@code CONFIGURATION} if a right is missing, which the
   *     message names, and {@code AUTHORITY_UNREACHABLE} if the API server does not answer
   */
  public Backing backing(String namespace, String name, Sight sight) {
    try {
      return new Survey(context.api(), settings, sight).look(namespace, name);
    } catch (ApiFault fault) {
      throw new IdentityException(
          fault.isForbidden()
              ? IdentityException.Code.CONFIGURATION
              : IdentityException.Code.AUTHORITY_UNREACHABLE,
          fault.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("before this thread was interrupted");
    }
  }

  /** Stops watching. No sight comes after this. */
  @Override
  public void close() {
    closed.countDown();
    callers.close();
    prefetch.close();
    threads.forEach(BackgroundThread::close);
    updater.close();
  }
}
