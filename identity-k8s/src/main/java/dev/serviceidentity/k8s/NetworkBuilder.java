// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.spi.NetworkProvider;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about every view of a cluster, wherever it comes from. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class NetworkBuilder<B extends NetworkBuilder<B>> implements NetworkProvider
    permits LiveNetworkBuilder, ManifestNetworkBuilder {
  @Nullable OwnPod ownPod;
  WorkloadBinding binding = WorkloadBinding.builder().build();
  Loopback loopback = Loopback.IGNORED;
  Unowned unowned = Assumptions.DEFAULT.unowned();
  Clock clock = Clock.systemUTC();
  final List<ServiceTarget> targets = new ArrayList<>();
  private PodsInBlocks podsInBlocks = Assumptions.DEFAULT.podsInBlocks();
  private List<Cidr> podNetworks = Assumptions.DEFAULT.podNetworks();

  NetworkBuilder() {}

  abstract B self();

  Assumptions assumptions() {
    return new Assumptions(podsInBlocks, unowned, podNetworks);
  }

  /**
   * Says which pod this process is. An identity needs it to decide about its callers.
   *
   * @param namespace its namespace
   * @param name its name, or in manifests that of the workload whose template they have
   * @return this
   */
  public B ownPod(String namespace, String name) {
    this.ownPod = new OwnPod(namespace, name);
    return self();
  }

  /**
   * Says which workloads proven names stand for; none do unless said here.
   *
   * @param rules the rules
   * @return this
   */
  public B binding(WorkloadBinding rules) {
    this.binding = rules;
    return self();
  }

  /**
   * Takes loopback addresses of pods for theirs. Any process of a machine can have such an address:
   * this is for a machine that plays a cluster, and for tests. It changes nothing for manifests
   * that have been read before.
   *
   * @return this
   */
  public B trustLoopbackPods() {
    this.loopback = Loopback.TRUSTED;
    return self();
  }

  /**
   * Says whether an {@code ipBlock} matches pods; network plugins differ.
   *
   * @param answer {@link PodsInBlocks#MATCH} unless said here
   * @return this
   */
  public B podsInBlocks(PodsInBlocks answer) {
    this.podsInBlocks = answer;
    return self();
  }

  /**
   * Says how an address is judged that no known pod or node owns, while some of them, or some of
   * their addresses, are not known. If all are, such an address is outside the cluster.
   *
   * @param answer {@link Unowned#UNDECIDABLE} unless said here
   * @return this
   */
  public B unownedAddresses(Unowned answer) {
    this.unowned = answer;
    return self();
  }

  /**
   * Says where the pods have their addresses that are not known, such as those of a workload's
   * template, or of pods that a view does not watch. A block that holds all of these networks
   * matches such a pod, one that holds none of them does not.
   *
   * @param blocks all of the cluster's pod networks; unless said here, an address may be any
   * @return this
   */
  public B podNetworks(List<Cidr> blocks) {
    this.podNetworks = List.copyOf(blocks);
    return self();
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
  public B target(String service) {
    targets.add(ServiceTarget.parse(service));
    return self();
  }

  /**
   * Replaces the clock that tells how old the view is, or since when it is as it is.
   *
   * @param source the time of day
   * @return this
   */
  public B clock(Clock source) {
    this.clock = source;
    return self();
  }
}
