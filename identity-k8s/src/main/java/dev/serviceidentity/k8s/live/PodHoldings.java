// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pods: those that are watched always, and those that call or may do so. A pod may be among
 * both. Used by the updater's thread alone.
 */
final class PodHoldings {
  private final Topics topics;
  private final Deltas deltas;
  private final Holding<PodFacts> always;
  private final Set<Holding<PodFacts>> callers = new LinkedHashSet<>();

  /** Null where all pods are watched. */
  private final @Nullable Resource own;

  private PodHoldings(Topics topics, Deltas deltas, @Nullable Resource own) {
    this.topics = topics;
    this.deltas = deltas;
    this.own = own;
    this.always =
        own == null ? new Holding<>(topics.pods(Resource.of(LiveKind.POD)), deltas) : holding(own);
  }

  /** All pods of the cluster. */
  static PodHoldings whole(Topics topics, Deltas deltas) {
    return new PodHoldings(topics, deltas, null);
  }

  /** One pod, and later those that call. */
  static PodHoldings lean(Topics topics, Deltas deltas, String namespace, String pod) {
    return new PodHoldings(
        topics, deltas, Resource.of(LiveKind.POD).in(namespace).where("metadata.name", pod));
  }

  /** What nobody has asked for yet. */
  Holding<PodFacts> holding(Resource resource) {
    return new Holding<>(topics.somePods(resource), deltas, this::facts);
  }

  private Optional<PodFacts> facts(String path) {
    return all().flatMap(each -> each.facts(path).stream()).findFirst();
  }

  Topic<PodFacts> topic(Resource resource) {
    return topics.somePods(resource);
  }

  void add(Holding<PodFacts> holding) {
    callers.add(holding);
    deltas.anew();
  }

  /** The pods that nobody else holds are gone. */
  void remove(Holding<PodFacts> holding) {
    if (callers.remove(holding) && holding.isAsked()) {
      deltas.anew();
    }
  }

  /** Those that are watched always. */
  Holding<PodFacts> always() {
    return always;
  }

  /** The own pod, where no more than that is watched always. */
  Optional<PodFacts> own() {
    return own == null ? Optional.empty() : always.facts().stream().findFirst();
  }

  boolean isOwnPodSeen() {
    return always.standing() == Holding.Standing.SHOWN;
  }

  /** A view does not wait for those that are added later. */
  Stream<Holding<PodFacts>> all() {
    return Stream.concat(Stream.of(always), callers.stream().filter(Holding::isAsked));
  }

  /** Those that were added, and of which the API server has said nothing. */
  Stream<Holding<PodFacts>> unanswered() {
    return callers.stream().filter(each -> !each.isAsked());
  }

  Stream<LiveObject<PodFacts>> objects() {
    return all().flatMap(each -> each.objects().stream());
  }

  /**
   * What is in doubt because not all is watched: an address that nobody has may be another pod's
   * or, unless they are watched, a node's, and pods of other namespaces have policies that are not
   * seen.
   */
  Doubts doubts(boolean nodesAreWatched) {
    Resource only = own;
    if (only == null) {
      return Doubts.NONE;
    }
    List<UnreadPolicy> policies =
        callers.stream()
            .map(holding -> holding.topic().resource().namespace())
            .filter(namespace -> !namespace.equals(only.namespace()))
            .distinct()
            .map(each -> new UnreadPolicy("NetworkPolicies that this view does not watch", each))
            .toList();
    var owner =
        new UnknownOwner(
            nodesAreWatched
                ? "a pod that this view does not watch"
                : "a pod or node that this view does not watch",
            new Placement(Lifecycle.ACTIVE, !nodesAreWatched, List.of(), List.of()));
    return new Doubts(policies, List.of(owner), false, Set.of(), List.of());
  }

  /** Each pod once. */
  List<PodFacts> facts() {
    if (callers.isEmpty()) {
      return always.facts();
    }
    var byPath = new LinkedHashMap<String, PodFacts>();
    objects()
        .forEach(
            object -> {
              PodFacts pod = object.facts();
              if (pod != null) {
                byPath.putIfAbsent(object.path(), pod);
              }
            });
    return List.copyOf(byPath.values());
  }
}
