// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.NodeFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps objects that a live cluster gives, each by itself and by the same rules as those of
 * manifests. An object that cannot be believed is not lost: what it could change is said to be
 * undecidable. Thread-safe.
 */
public final class LiveObjects {
  private final Loopback loopback;
  private final ModelReader models = new ModelReader();

  /**
   * Without a memory of objects.
   *
   * @param loopback what a loopback address in a pod's status is
   */
  public LiveObjects(Loopback loopback) {
    this.loopback = loopback;
  }

  /** One object on its way. */
  private record Arrived(LiveKind kind, Part root, Problems problems) {
    static Arrived of(LiveKind kind, Map<String, ?> json) {
      var problems = new Problems();
      return new Arrived(kind, Part.of(json, FieldPath.ROOT, problems), problems);
    }

    private String meta(String field) {
      return root.fields().get("metadata") instanceof Map<?, ?> meta
              && meta.get(field) instanceof String text
          ? text
          : "";
    }

    String namespace() {
      return meta("namespace");
    }

    String name() {
      return meta("name");
    }

    String path() {
      return namespace().isEmpty() ? name() : namespace() + "/" + name();
    }

    Subject subject() {
      return new Subject(kind.toString(), namespace(), name());
    }

    String describe() {
      return subject() + " in the cluster";
    }

    Place place() {
      return new Place("the cluster (resource version " + meta("resourceVersion") + ")", 0);
    }

    <F> LiveObject<F> as(@Nullable F facts) {
      return as(facts, Doubts.NONE);
    }

    /** The findings come from the problems. */
    <F> LiveObject<F> as(@Nullable F facts, Doubts doubts) {
      var findings = Findings.of(subject(), place(), problems);
      return new LiveObject<>(
          path(),
          facts,
          findings.isEmpty()
              ? doubts
              : new Doubts(
                  doubts.policies(),
                  doubts.owners(),
                  doubts.claimUnread(),
                  doubts.ignored(),
                  findings));
    }

    <F> LiveObject<F> asUnread(UnreadPolicy policy) {
      return as(null, new Doubts(List.of(policy), List.of(), false, Set.of(), List.of()));
    }

    <F> LiveObject<F> asOwner(@Nullable Placement placement, Set<IpAddress> ignored) {
      boolean ended = placement != null && placement.lifecycle() == Lifecycle.ENDED;
      var owner = new UnknownOwner(describe(), placement);
      return as(
          null,
          new Doubts(List.of(), ended ? List.of() : List.of(owner), false, ignored, List.of()));
    }
  }

  /**
   * The path of an object, for telling it from others of its kind.
   *
   * @param json the object
   * @return as {@link LiveObject#path()} is
   */
  public static String pathOf(Map<String, ?> json) {
    return Arrived.of(LiveKind.POD, json).path();
  }

  private <T> Optional<T> model(Arrived object, Class<T> type) {
    return models.convert(object.root(), type);
  }

  /**
   * Maps a namespace. The label with its name is there only if the cluster shows it.
   *
   * @param json the object
   * @return its labels
   */
  public LiveObject<NamespaceFacts> namespace(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.NAMESPACE, json);
    return object.as(
        model(object, Namespace.class)
            .map(
                model ->
                    new NamespaceFacts(
                        object.name(),
                        Objects.requireNonNullElse(model.getMetadata().getLabels(), Map.of())))
            .orElse(null));
  }

  /**
   * Maps a node.
   *
   * @param json the object
   * @return its addresses
   */
  public LiveObject<NodeFacts> node(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.NODE, json);
    Optional<Node> model = model(object, Node.class);
    List<IpAddress> addresses =
        model.map(new AddressMapping(object.problems(), loopback, a -> {})::of).orElse(List.of());
    return object.problems().hasErrors()
        ? object.asOwner(null, Set.of())
        : object.as(new NodeFacts(object.name(), addresses));
  }

  /**
   * Maps a pod.
   *
   * @param json the object
   * @return all that policies and bindings look at
   */
  public LiveObject<PodFacts> pod(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.POD, json);
    Optional<Pod> model = model(object, Pod.class);
    if (model.isEmpty()) {
      return object.asOwner(null, Set.of());
    }
    var ignored = new HashSet<IpAddress>();
    var addresses = new AddressMapping(object.problems(), loopback, ignored::add);
    var mapping = new PodMapping(object.problems(), addresses);
    Placement placement = mapping.placement(model.get());
    Optional<PodFacts> facts =
        mapping.map(object.namespace(), object.name(), model.get(), placement);
    if (facts.isEmpty()) {
      return object.asOwner(mapping.isPlaceCertain() ? placement : null, ignored);
    }
    return object.as(
        facts.get(),
        ignored.isEmpty()
            ? Doubts.NONE
            : new Doubts(List.of(), List.of(), false, ignored, List.of()));
  }

  /**
   * Maps a NetworkPolicy. A malformed part of it is closed.
   *
   * @param json the object
   * @return its rules
   */
  public LiveObject<PolicyFacts> policy(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.NETWORK_POLICY, json);
    Optional<NetworkPolicy> model = model(object, NetworkPolicy.class);
    return model.isEmpty()
        ? object.asUnread(new UnreadPolicy(object.describe(), object.namespace()))
        : object.as(
            new PolicyMapping(object.problems())
                .map(object.namespace(), object.name(), model.get())
                .at(field -> object.place()));
  }

  /**
   * Maps a cluster-wide policy.
   *
   * @param kind which of them
   * @param json the object
   * @return its rules
   */
  public LiveObject<ClusterPolicyFacts> clusterPolicy(LiveKind kind, Map<String, ?> json) {
    Arrived object = Arrived.of(kind, json);
    ClusterPolicyDialect dialect =
        ClusterPolicyDialect.of(kind.apiVersion(), kind.toString()).orElseThrow();
    return new ClusterPolicyMapping(dialect, object.problems(), models)
        .map(object.name(), object.root().fields())
        .map(object::as)
        .orElseGet(() -> object.asUnread(new UnreadPolicy(object.describe(), null)));
  }

  /**
   * Maps a Service.
   *
   * @param json the object
   * @return its ports and whom it selects, as far as they can be read
   */
  public LiveObject<ServiceFacts> service(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.SERVICE, json);
    return object.as(
        new ServiceMapping(object.problems())
            .service(object.namespace(), object.name(), object.root().fields()));
  }

  /**
   * Maps an EndpointSlice.
   *
   * @param json the object, of either version of its API
   * @return who stands behind its Service, as far as that can be read
   */
  public LiveObject<SliceFacts> endpointSlice(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.ENDPOINT_SLICE, json);
    return object.as(
        new ServiceMapping(object.problems()).slice(object.namespace(), object.root().fields()));
  }

  /**
   * Maps a ServiceAccount.
   *
   * @param json the object
   * @return what it claims, if anything
   */
  public LiveObject<AccountClaim> account(Map<String, ?> json) {
    Arrived object = Arrived.of(LiveKind.SERVICE_ACCOUNT, json);
    Optional<Account> account =
        model(object, ServiceAccount.class)
            .flatMap(
                model ->
                    new AccountMapping(object.problems())
                        .map(object.namespace(), object.name(), model));
    boolean doubtful = object.problems().hasErrors();
    return account.isEmpty()
        ? object.as(null, new Doubts(List.of(), List.of(), true, Set.of(), List.of()))
        : object.as(account.get().claim(!doubtful).findFirst().orElse(null));
  }
}
