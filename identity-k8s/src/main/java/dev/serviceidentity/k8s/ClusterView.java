// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.PrincipalTemplate.Bound;
import dev.serviceidentity.k8s.policy.AddressOwner;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster at one moment: everything that answers are made from. Immutable. */
record ClusterView(
    PolicyEngine engine,
    BoundPrincipals principals,
    Optional<PodFacts> own,
    Map<IpAddress, String> ignoredLoopback,
    Decisions decisions)
    implements NetworkView {

  @Override
  public ViewStamp stamp() {
    return decisions.stamp();
  }

  @Override
  public Optional<Workload> self() {
    return own.map(this::workload);
  }

  @Override
  public Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    return principals.of(principal).map(Bound::account);
  }

  @Override
  public List<PrincipalId> namesOf(ServiceAccountName account) {
    List<String> pods = engine.podsOf(account).stream().map(pod -> pod.pod().name()).toList();
    return principals.namesOf(account, pods);
  }

  @Override
  public PolicyDecision check(Flow flow) {
    return decisions.of(engine.verdict(flow));
  }

  /** The binding step: an address that any process of a node can show proves nothing. */
  @Override
  public Resolution resolve(PrincipalId principal, IpAddress address) {
    return resolve(principal, address, engine.facts().gaps().owners().isEmpty());
  }

  @Override
  public Resolution resolveAsked(PrincipalId principal, IpAddress address) {
    return resolve(principal, address, true);
  }

  private Resolution resolve(PrincipalId principal, IpAddress address, boolean allKnown) {
    if (own.isPresent() && own.get().placement().addresses().contains(address)) {
      return new Resolution.Hidden("this pod's own address");
    }
    AddressOwner owner = engine.ownerOf(address);
    if (owner instanceof AddressOwner.Pods pods) {
      List<PodFacts> owners = standing(pods.pods());
      return allKnown || !hasLeaving(owners)
          ? pods(principal, owners, address)
          : new Resolution.Unknown(
              "the pod that had " + address + " is being deleted, and another one may have it");
    }
    if (owner instanceof AddressOwner.Node) {
      return new Resolution.Hidden("a node's address");
    }
    if (address.isHostLocal()) {
      return new Resolution.Hidden("a loopback or link-local address" + ignored(address));
    }
    return owner instanceof AddressOwner.Unknown unknown
        ? new Resolution.Unknown("who owns " + address + " is not known: " + unknown.why())
        : new Resolution.External();
  }

  @Override
  public List<Workload> workloadsOf(ServiceAccountName account) {
    return engine.podsOf(account).stream().map(this::workload).toList();
  }

  private String ignored(IpAddress address) {
    String pod = ignoredLoopback.get(address);
    return pod == null
        ? ""
        : ", which counts as that of pod " + pod + " only after trustLoopbackPods()";
  }

  private static boolean isLeaving(PodFacts pod) {
    return pod.placement().lifecycle() == PodFacts.Lifecycle.TERMINATING;
  }

  private static boolean hasLeaving(List<PodFacts> pods) {
    for (PodFacts pod : pods) {
      if (isLeaving(pod)) {
        return true;
      }
    }
    return false;
  }

  /** An address is given out again when a pod has ended, which is before it is deleted. */
  private static List<PodFacts> standing(List<PodFacts> owners) {
    if (!hasLeaving(owners)) {
      return owners;
    }
    List<PodFacts> staying = owners.stream().filter(pod -> !isLeaving(pod)).toList();
    return staying.isEmpty() ? owners : staying;
  }

  private Resolution pods(PrincipalId principal, List<PodFacts> owners, IpAddress address) {
    Optional<String> onlyPod = principals.of(principal).flatMap(Bound::pod);
    var workloads = new ArrayList<Workload>(owners.size());
    for (PodFacts pod : owners) {
      if (onlyPod.isEmpty() || onlyPod.get().equals(pod.pod().name())) {
        workloads.add(workload(pod));
      }
    }
    return switch (workloads.size()) {
      case 0 ->
          new Resolution.Unknown(
              "the credential is pod " + onlyPod.orElse("") + "'s, which does not own " + address);
      case 1 -> new Resolution.One(workloads.get(0));
      default -> new Resolution.Candidates(workloads);
    };
  }

  private Workload workload(PodFacts pod) {
    Map<String, String> namespaceLabels =
        engine.namespace(pod.namespace()).map(NamespaceFacts::labels).orElse(Map.of());
    return new Workload(pod.runsAs(), pod.pod(), pod.labels(), namespaceLabels);
  }
}
