// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestReader;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.spi.IdentityRuntime;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens a {@link KubernetesNetwork} on manifest files. A view that only answers questions about
 * others needs no {@link #ownPod}. Not thread-safe.
 */
public final class ManifestNetworkBuilder extends NetworkBuilder<ManifestNetworkBuilder> {
  private static final System.Logger LOG = System.getLogger(KubernetesNetwork.class.getName());

  private final Function<Loopback, Manifests> source;
  private final String origin;

  ManifestNetworkBuilder(List<Path> paths) {
    this.source = trust -> ManifestReader.read(paths, trust);
    this.origin = paths.toString();
  }

  ManifestNetworkBuilder(Manifests manifests) {
    this.source = trust -> manifests;
    this.origin = "manifests " + manifests.digest();
  }

  @Override
  ManifestNetworkBuilder self() {
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
    var engine = PolicyEngine.compile(manifests.facts(), assumptions());
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
