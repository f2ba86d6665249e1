// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.NetworkProvider;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens a {@link KubernetesNetwork} on manifest files. Not thread-safe. */
public final class ManifestNetworkBuilder implements NetworkProvider {
  private static final System.Logger LOG = System.getLogger(KubernetesNetwork.class.getName());

  private final Function<Loopback, Manifests> source;
  private final String origin;
  private @Nullable OwnPod ownPod;
  private WorkloadBinding binding = WorkloadBinding.builder().build();
  private Loopback loopback = Loopback.IGNORED;
  private PodsInBlocks podsInBlocks = Assumptions.DEFAULT.podsInBlocks();
  private Unowned unowned = Assumptions.DEFAULT.unowned();
  private List<Cidr> podNetworks = Assumptions.DEFAULT.podNetworks();
  private final List<ServiceTarget> targets = new ArrayList<>();
  private Clock clock = Clock.systemUTC();

  ManifestNetworkBuilder(List<Path> paths) {
    this.source = trust -> ManifestReader.read(paths, trust);
    this.origin = paths.toString();
  }

  ManifestNetworkBuilder(Manifests manifests) {
    this.source = trust -> manifests;
    this.origin = "manifests " + manifests.digest();
  }

  /**
   * Says which pod this process is. An identity needs it to decide about its callers; a view that
   * only answers questions about others does not.
   *
   * @param namespace its namespace
   * @param name its name, or that of the workload whose template the manifests have
   * @return this
   */
  public ManifestNetworkBuilder ownPod(String namespace, String name) {
    this.ownPod = new OwnPod(namespace, name);
    return this;
  }

  /**
   * Says which workloads proven names stand for; none do unless said here.
   *
   * @param rules the rules
   * @return this
   */
  public ManifestNetworkBuilder binding(WorkloadBinding rules) {
    this.binding = rules;
    return this;
  }

  /**
   * Takes loopback addresses in the manifests for addresses of pods. Any process of a machine can
   * have such an address: this is for a machine that plays a cluster, and for tests. It changes
   * nothing for manifests that have been read before.
   *
   * @return this
   */
  public ManifestNetworkBuilder trustLoopbackPods() {
    this.loopback = Loopback.TRUSTED;
    return this;
  }

  /**
   * Says whether an {@code ipBlock} matches pods; network plugins differ.
   *
   * @param answer {@link PodsInBlocks#MATCH} unless said here
   * @return this
   */
  public ManifestNetworkBuilder podsInBlocks(PodsInBlocks answer) {
    this.podsInBlocks = answer;
    return this;
  }

  /**
   * Says how an address is judged that no known pod or node owns, while the manifests do not show
   * the addresses of all pods. Where they do, such an address is outside the cluster.
   *
   * @param answer {@link Unowned#UNDECIDABLE} unless said here
   * @return this
   */
  public ManifestNetworkBuilder unownedAddresses(Unowned answer) {
    this.unowned = answer;
    return this;
  }

  /**
   * Says where the pods have their addresses that the manifests show without one, such as those of
   * a workload's template. A block that holds all of these networks matches such a pod, one that
   * holds none of them does not.
   *
   * @param blocks all of the cluster's pod networks; unless said here, an address may be any
   * @return this
   */
  public ManifestNetworkBuilder podNetworks(List<Cidr> blocks) {
    this.podNetworks = List.copyOf(blocks);
    return this;
  }

  /**
   * Declares a service that this one calls, which the own check of an identity looks at: each pod
   * behind it must have an identity that the binding knows, and the policies of both ends must
   * permit the call. Until all was as it should be once, {@link KubernetesNetwork#health()} is
   * down.
   *
   * @param service the name in cluster DNS and a port of the Service by number or name, such as
   *     {@code orders.shop:8443}; a name alone is of the own namespace
   * @return this
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CONFIGURATION} if the
   *     text is no such name
   */
  public ManifestNetworkBuilder target(String service) {
    targets.add(ServiceTarget.parse(service));
    return this;
  }

  /**
   * Replaces the clock that tells since when the view is as it is.
   *
   * @param source the time of day
   * @return this
   */
  public ManifestNetworkBuilder clock(Clock source) {
    this.clock = source;
    return this;
  }

  /**
   * Opens the view for an owner, by its clock. Without {@link #ownPod} its health is degraded.
   *
   * @param runtime the owner's clock
   * @return the view, to be closed by the owner
   * @throws dev.serviceidentity.identity.IdentityException as {@link #open()} does
   */
  @Override
  public KubernetesNetwork open(IdentityRuntime runtime) {
    return clock(runtime.clock()).open(Use.BY_AN_IDENTITY);
  }

  /**
   * Reads the manifests and compiles the policies.
   *
   * @return the view, to be closed by the caller
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CONFIGURATION} if a
   *     path does not exist or cannot be read, no object is found at all, or the own pod is not
   *     among them; anything less is in {@link KubernetesNetwork#loadReport()} and the log, and if
   *     it is an error, degrades {@link KubernetesNetwork#health()}
   */
  public KubernetesNetwork open() {
    return open(Use.ALONE);
  }

  private KubernetesNetwork open(Use use) {
    Manifests manifests = source.apply(loopback);
    var engine =
        PolicyEngine.compile(
            manifests.facts(), new Assumptions(podsInBlocks, unowned, podNetworks));
    var principals = new BoundPrincipals(binding, manifests.claims());
    Optional<PodFacts> own = Optional.ofNullable(ownPod).map(pod -> pod.in(manifests));
    var stamp = new ViewStamp(manifests.digest(), 1, Instant.MAX);
    var findings = new FindingsLog(manifests.report());
    findings.writeTo(ManifestNetworkBuilder::warn);
    List<String> troubles = troubles(principals, use);
    troubles.forEach(ManifestNetworkBuilder::warn);
    findings.summary().ifPresent(troubles::add);
    var view =
        new ClusterView(engine, principals, own, manifests.ignored(), Decisions.of(engine, stamp));
    return new KubernetesNetwork(new FixedView(view, manifests, state(troubles)), targets, clock);
  }

  private List<String> troubles(BoundPrincipals principals, Use use) {
    var troubles = new ArrayList<>(principals.troubles());
    if (ownPod == null && use == Use.BY_AN_IDENTITY) {
      troubles.add(OwnPod.UNSAID);
    }
    if (ownPod != null && binding.bindsNobody()) {
      troubles.add(WorkloadBinding.BINDS_NOBODY);
    }
    return troubles;
  }

  /** The text is complete: it may hold braces, and is no pattern. */
  private static void warn(String text) {
    LOG.log(Level.WARNING, text);
  }

  private Health.Part state(List<String> troubles) {
    Health.Status status = troubles.isEmpty() ? Health.Status.UP : Health.Status.DEGRADED;
    String detail = troubles.isEmpty() ? "read " + origin : String.join("; ", troubles);
    return new Health.Part(KubernetesNetwork.NAME, status, detail, clock.instant());
  }

  /** Whom a view is for. */
  private enum Use {
    ALONE,
    BY_AN_IDENTITY
  }
}
