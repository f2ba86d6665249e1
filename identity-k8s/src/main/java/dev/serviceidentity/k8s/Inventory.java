// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.cluster.WorkloadPods;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.ClusterFacts;
import dev.serviceidentity.k8s.policy.Distinctions;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that a cluster holds, for programs that ask about all of it.
 *
 * <pre>{@code
 * Manifests manifests = ManifestReader.read(paths, Loopback.IGNORED);
 * try (KubernetesNetwork network = KubernetesNetwork.fromManifests(manifests).open()) {
 *   for (Inventory.Workload workload : Inventory.of(manifests).workloads()) {
 *     show(workload.pods().displayName(), network.check(flowTo(workload.groups().get(0))));
 *   }
 * }
 * }</pre>
 *
 * @param workloads the workloads that have a pod, those that are all ended included
 * @param owned every address that a pod or node owns
 * @param distinctions between which pods, ports and addresses policies make a difference
 */
public record Inventory(List<Workload> workloads, Set<IpAddress> owned, Distinctions distinctions) {
  private static final Comparator<ServiceAccountName> BY_NAME =
      Comparator.comparing(ServiceAccountName::toString);

  /**
   * One workload.
   *
   * @param pods its names and those of its pods
   * @param groups its pods that have not ended, in groups that no policy can tell apart
   */
  public record Workload(WorkloadPods pods, List<Group> groups) {
    /**
     * Copies the list.
     *
     * @param pods its names
     * @param groups its pods
     */
    public Workload {
      groups = List.copyOf(groups);
    }
  }

  /**
   * Pods of one workload that no policy can tell apart.
   *
   * @param pods their names, one or more
   * @param families the address families that they have, or that the pod networks have if no
   *     address is known; none if those are not known either
   * @param template whether it is no pod but a template, which stands for any number of them
   */
  public record Group(List<String> pods, Set<IpAddress.Family> families, boolean template) {
    /**
     * Copies the collections.
     *
     * @param pods their names
     * @param families the families of their addresses
     * @param template whether it is a template
     */
    public Group {
      pods = List.copyOf(pods);
      families = Set.copyOf(families);
    }
  }

  /**
   * Copies the collections.
   *
   * @param workloads the workloads
   * @param owned every address that a pod or node owns
   * @param distinctions what policies tell apart
   */
  public Inventory {
    workloads = List.copyOf(workloads);
    owned = Set.copyOf(owned);
  }

  /**
   * Lists what manifests say.
   *
   * @param manifests what was read
   * @return all of it
   */
  public static Inventory of(Manifests manifests) {
    return of(manifests, List.of());
  }

  /**
   * Lists what manifests say, where it is known where pods have their addresses.
   *
   * @param manifests what was read
   * @param podNetworks where pods have the addresses that the manifests do not show
   * @return all of it
   */
  public static Inventory of(Manifests manifests, List<Cidr> podNetworks) {
    return of(manifests.facts(), manifests.workloads(), podNetworks);
  }

  private static Inventory of(ClusterFacts facts, List<WorkloadPods> pods, List<Cidr> podNetworks) {
    var distinctions = Distinctions.of(facts);
    Map<String, PodFacts> byName =
        facts.pods().stream()
            .collect(Collectors.toMap(PodFacts::displayName, Function.identity(), (a, b) -> a));
    Set<IpAddress.Family> families = families(podNetworks.stream().map(Cidr::address));
    List<Workload> workloads =
        pods.stream()
            .map(
                workload ->
                    new Workload(workload, groups(workload, byName, distinctions, families)))
            .toList();
    return new Inventory(workloads, owned(facts), distinctions);
  }

  /**
   * Lists the pods by what they run as, which is what credentials name: each service account is one
   * workload of kind {@code ServiceAccount}.
   *
   * @param facts a cluster
   * @return the service accounts that a pod runs as, by name
   */
  public static Inventory ofAccounts(ClusterFacts facts) {
    var accounts = new TreeMap<ServiceAccountName, List<String>>(BY_NAME);
    for (PodFacts pod : facts.pods()) {
      accounts.computeIfAbsent(pod.runsAs(), k -> new ArrayList<>()).add(pod.pod().name());
    }
    List<WorkloadPods> workloads = accounts.entrySet().stream().map(Inventory::account).toList();
    return of(facts, workloads, List.of());
  }

  private static WorkloadPods account(Map.Entry<ServiceAccountName, List<String>> entry) {
    ServiceAccountName account = entry.getKey();
    return new WorkloadPods(
        account.namespace(), "ServiceAccount", account.name(), entry.getValue());
  }

  private static List<Group> groups(
      WorkloadPods workload,
      Map<String, PodFacts> byName,
      Distinctions distinctions,
      Set<IpAddress.Family> unplaced) {
    var alike = new LinkedHashMap<Object, List<PodFacts>>();
    for (String name : workload.pods()) {
      PodFacts pod = byName.get(workload.namespace() + "/" + name);
      if (pod != null && pod.isAlive()) {
        alike.computeIfAbsent(distinctions.likenessOf(pod), k -> new ArrayList<>()).add(pod);
      }
    }
    return alike.values().stream().map(pods -> group(pods, unplaced)).toList();
  }

  private static Group group(List<PodFacts> pods, Set<IpAddress.Family> unplaced) {
    PodFacts.Placement placement = pods.get(0).placement();
    List<IpAddress> addresses = placement.addresses();
    return new Group(
        pods.stream().map(pod -> pod.pod().name()).toList(),
        addresses.isEmpty() ? unplaced : families(addresses.stream()),
        placement.lifecycle() == PodFacts.Lifecycle.TEMPLATE);
  }

  private static Set<IpAddress.Family> families(Stream<IpAddress> addresses) {
    return addresses.map(IpAddress::family).collect(Collectors.toSet());
  }

  private static Set<IpAddress> owned(ClusterFacts facts) {
    var owned = new LinkedHashSet<IpAddress>();
    facts.nodes().forEach(node -> owned.addAll(node.addresses()));
    for (PodFacts pod : facts.pods()) {
      owned.addAll(pod.placement().nodeAddresses());
      if (pod.isAlive()) {
        owned.addAll(pod.placement().addresses());
      }
    }
    return owned;
  }
}
