// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.budget.Bill;
import dev.serviceidentity.k8s.budget.CallerBudget;
import dev.serviceidentity.k8s.budget.Payer;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.cluster.AccountClaim;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.k8s.live.LiveCluster;
import dev.serviceidentity.k8s.live.LiveSettings;
import dev.serviceidentity.k8s.live.Sight;
import dev.serviceidentity.k8s.live.Trouble;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The views of a live cluster, one after the other. */
final class LiveView implements ViewSource {
  private static final NetworkView UNOPENED =
      new BlindView("the cluster has not been seen yet", new ViewStamp("", 0, Instant.MIN));

  private static final String GRANT =
      "Grant the verbs by a Role or ClusterRole; docs/kubernetes-live.md lists the rights.";

  private final ClientSource clients;
  private final KubernetesClient client;
  private final Reader reader;
  private final LiveCluster cluster;
  private final Arrivals arrivals;
  private volatile Shown shown;

  /**
   * Who looks at the cluster.
   *
   * @param binding whom proven names stand for
   * @param own the pod that this process is, or null if that is not known
   * @param forAnIdentity whether callers are admitted by what is seen
   * @param patience how long a look-up waits for a pod that the API does not show yet
   * @param budget bounds look-ups
   */
  record Reader(
      WorkloadBinding binding,
      @Nullable OwnPod own,
      boolean forAnIdentity,
      Duration patience,
      CallerBudget budget) {
    BoundPrincipals principals(List<AccountClaim> claims) {
      return new BoundPrincipals(binding, claims);
    }

    Optional<PodFacts> ownIn(PolicyEngine engine) {
      return Optional.ofNullable(own).flatMap(pod -> engine.pod(pod.namespace(), pod.name()));
    }

    List<String> troubles(BoundPrincipals principals) {
      var troubles = new ArrayList<>(principals.troubles());
      if (forAnIdentity && own == null) {
        troubles.add(OwnPod.UNSAID);
      }
      if (own != null && binding.bindsNobody()) {
        troubles.add(WorkloadBinding.BINDS_NOBODY);
      }
      return troubles;
    }
  }

  /** What is in force, with what it was made of. */
  private record Shown(@Nullable Sight sight, BoundPrincipals principals, NetworkView view) {}

  private LiveView(
      ClientSource clients, KubernetesClient client, LiveSettings settings, Reader reader) {
    this.clients = clients;
    this.client = client;
    this.reader = reader;
    this.arrivals = new Arrivals(reader.patience());
    this.shown = new Shown(null, reader.principals(List.of()), UNOPENED);
    this.cluster = LiveCluster.open(client, settings, this::show);
  }

  /** Waits until the cluster has been seen; nothing stays open if it is not. */
  static LiveView open(ClientSource clients, LiveSettings settings, Reader reader) {
    KubernetesClient client = clients.open();
    try {
      var view = new LiveView(clients, client, settings, reader);
      try {
        view.checkOwnPod();
        return view;
      } catch (IdentityException e) {
        view.cluster.close();
        throw e;
      }
    } catch (IdentityException e) {
      clients.close(client);
      throw e;
    }
  }

  /** Without its own pod every answer to every caller is no; better never to begin. */
  private void checkOwnPod() {
    OwnPod own = reader.own();
    Sight sight = shown.sight();
    if (own != null
        && sight != null
        && sight.surroundings().podsSeen()
        && shown.view().self().isEmpty()) {
      throw own.missing("the cluster", sight.engine().facts().pods(), report());
    }
  }

  private void show(Sight sight) {
    Shown before = shown;
    Sight last = before.sight();
    BoundPrincipals principals =
        last != null && last.surroundings().equals(sight.surroundings())
            ? before.principals()
            : reader.principals(sight.surroundings().claims());
    shown = new Shown(sight, principals, view(sight, principals));
    arrivals.look();
  }

  private NetworkView view(Sight sight, BoundPrincipals principals) {
    if (!sight.outdated().isEmpty()) {
      return new BlindView(sight.outdated(), sight.stamp());
    }
    return new ClusterView(
        sight.engine(),
        principals,
        reader.ownIn(sight.engine()),
        sight.surroundings().ignored(),
        Decisions.of(sight.engine(), sight.stamp()));
  }

  @Override
  public NetworkView view() {
    return shown.view();
  }

  @Override
  public CompletionStage<Resolution> lookUp(PrincipalId principal, IpAddress address) {
    Optional<ServiceAccountName> account = view().serviceAccountOf(principal);
    String group = account.map(ServiceAccountName::namespace).orElseGet(principal::toString);
    var bill = new Bill(reader.budget(), new Payer(address, group));
    return new LookUp(this, principal, address, bill).find(account);
  }

  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    List<Workload> known = view().workloadsOf(account);
    if (known.isEmpty()) {
      var payer = Payer.ofGroup(account.namespace());
      CompletionStage<Boolean> unused = watchPodsOf(account, new Bill(reader.budget(), payer));
    }
    return known;
  }

  CompletionStage<Boolean> watchPodsOf(ServiceAccountName account, Bill bill) {
    return cluster.watchPodsOf(account, bill);
  }

  CompletionStage<Boolean> watchOwnersOf(IpAddress address, Bill bill) {
    return cluster.watchOwnersOf(address, bill);
  }

  /** Completes once the condition holds in a new view, or after the longest wait with false. */
  CompletionStage<Boolean> await(BooleanSupplier condition) {
    return arrivals.await(condition);
  }

  @Override
  public ClusterFacts facts() {
    return seen().engine().facts();
  }

  /** A right that is missing is an error like an object that cannot be read. */
  @Override
  public Manifests contents() {
    Sight sight = seen();
    ClusterFacts facts = sight.engine().facts();
    var findings = new ArrayList<Finding>();
    cluster.troubles().forEach(each -> findings.add(unseen(each)));
    findings.addAll(sight.surroundings().report().findings());
    return new Manifests(
        facts,
        cluster.podMakers().workloadsOf(facts.pods()),
        List.of(),
        sight.surroundings().claims(),
        sight.surroundings().ignored(),
        new LoadReport(findings),
        sight.stamp().version());
  }

  @Override
  public void inspect(FindingListener heard) {
    for (Trouble trouble : cluster.troubles()) {
      String subject = "right to see " + trouble.resource();
      if (trouble.denied()) {
        heard.broken(subject, trouble.what(), GRANT);
      } else {
        heard.doubtful(trouble.resource(), trouble.what(), "See health().");
      }
    }
  }

  @Override
  public Backing backing(String namespace, String service) {
    return cluster.backing(namespace, service, seen());
  }

  private Sight seen() {
    return Objects.requireNonNull(shown.sight(), "an open view has a sight");
  }

  private static Finding unseen(Trouble trouble) {
    return new Finding(
        LoadReport.Severity.ERROR,
        new LoadReport.Subject(trouble.resource(), "", ""),
        new LoadReport.Place("the cluster", 0),
        "",
        trouble.what());
  }

  @Override
  public LoadReport report() {
    Sight sight = shown.sight();
    return sight == null ? new LoadReport(List.of()) : sight.surroundings().report();
  }

  @Override
  public Health.Part health() {
    Health.Part seen = cluster.health();
    List<String> ours = reader.troubles(shown.principals());
    return ours.isEmpty()
        ? seen
        : new Health.Part(
            seen.name(),
            seen.status() == Status.UP ? Status.DEGRADED : seen.status(),
            String.join("; ", ours) + "; " + seen.detail(),
            seen.since());
  }

  @Override
  public void close() {
    cluster.close();
    clients.close(client);
  }
}
