// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ManifestSet;
import dev.serviceidentity.k8s.cluster.Spelling;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.testkit.cluster.FakeView.Setup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A cluster at one moment, and the ways to the next. Immutable.
 *
 * @param view what is there and how it is seen
 * @param plan which addresses pods and nodes have been given
 * @param closed whether nothing may change any more
 */
record ClusterState(FakeView view, AddressPlan plan, boolean closed) {
  /** What findings call the objects of a test. */
  static final String CODE = "in the code of the test";

  static final ClusterState EMPTY = empty();

  private static final String POD = "Pod";
  private static final String NODE = "Node";
  private static final String NAMESPACE = "Namespace";

  private static ClusterState empty() {
    var objects = ManifestSet.empty(Loopback.TRUSTED);
    var assumed = new Assumptions(PodsInBlocks.MATCH, Unowned.OUTSIDE);
    var nobody = WorkloadBinding.builder().build();
    var setup = new Setup(Optional.empty(), nobody, assumed, Sight.FULL);
    var view = new FakeView(objects, setup, stamp(1, Instant.MAX));
    return new ClusterState(view, AddressPlan.EMPTY, false);
  }

  private static ViewStamp stamp(long generation, Instant provenAt) {
    return new ViewStamp("fake cluster", generation, provenAt);
  }

  private ClusterState next(ManifestSet objects, Setup setup, Instant provenAt) {
    ViewStamp stamp = stamp(view.stamp().generation() + 1, provenAt);
    return new ClusterState(new FakeView(objects, setup, stamp), plan, closed);
  }

  ClusterState with(ManifestSet objects) {
    return next(objects, view.setup(), view.stamp().provenAt());
  }

  ClusterState with(Setup setup) {
    return next(view.objects(), setup, view.stamp().provenAt());
  }

  ClusterState provenAt(Instant instant) {
    return next(view.objects(), view.setup(), instant);
  }

  private ClusterState with(AddressPlan addresses) {
    return new ClusterState(view, addresses, closed);
  }

  ClusterState closing() {
    return new ClusterState(view, plan, true);
  }

  private ClusterState apply(String origin, String text) {
    return with(view.objects().apply(origin, text));
  }

  private ClusterState apply(Map<String, Object> object) {
    return apply(CODE, Names.json(object));
  }

  ClusterState namespace(String name, Map<String, String> labels) {
    Map<String, Object> metadata = Map.of("name", name, "labels", labels);
    return apply(Map.of("apiVersion", "v1", "kind", NAMESPACE, "metadata", metadata));
  }

  ClusterState node(String name) {
    String who = NODE + " " + name;
    AddressPlan placed = plan.placing(who);
    Map<String, String> address = Map.of("type", "InternalIP", "address", placed.ofNode(who));
    return with(placed)
        .apply(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                NODE,
                "metadata",
                Map.of("name", name),
                "status",
                Map.of("addresses", List.of(address))));
  }

  ClusterState pod(FakePod pod) {
    requireNamespace(pod.name());
    List<String> hostAddresses = hostAddresses(pod);
    if (!pod.ownAddresses().isEmpty() || pod.isOnHostNetwork()) {
      List<String> own = pod.ownAddresses().isEmpty() ? hostAddresses : pod.ownAddresses();
      AddressPlan taken = plan.taking(own.stream().map(IpAddress::parse).toList());
      return with(taken).apply(pod.manifest(own, hostAddresses));
    }
    String who = POD + " " + pod;
    AddressPlan placed = plan.placing(who);
    return with(placed).apply(pod.manifest(placed.ofPod(who, pod.isDualStack()), hostAddresses));
  }

  private List<String> hostAddresses(FakePod pod) {
    String node = pod.nodeName();
    if (node.isEmpty() && pod.isOnHostNetwork() && pod.ownAddresses().isEmpty()) {
      throw new IllegalArgumentException(
          "the pod " + pod + " is on the network of a node; say of which with node(...)");
    }
    if (node.isEmpty()) {
      return List.of();
    }
    require(NODE, node, "node");
    return view.manifests().facts().nodes().stream()
        .filter(known -> known.name().equals(node))
        .flatMap(known -> known.addresses().stream())
        .map(IpAddress::toString)
        .toList();
  }

  ClusterState serviceAccount(Reference.Named name, Map<String, String> annotations) {
    requireNamespace(name);
    Map<String, Object> metadata = Names.metadata(name, annotations);
    return apply(Map.of("apiVersion", "v1", "kind", "ServiceAccount", "metadata", metadata));
  }

  ClusterState policy(Reference.Named name, String spec) {
    requireNamespace(name);
    String header =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: %s
        spec:
        """
            .formatted(Names.json(Names.metadata(name, Map.of())));
    return apply("policy " + name, header + spec.indent(2));
  }

  /** Pods and nodes that come later must not be given the addresses of those that have come. */
  ClusterState manifests(UnaryOperator<ManifestSet> change) {
    ClusterState next = with(change.apply(view.objects()));
    var facts = next.view.manifests().facts();
    Stream<IpAddress> pods =
        facts.pods().stream().flatMap(pod -> pod.placement().addresses().stream());
    Stream<IpAddress> nodes = facts.nodes().stream().flatMap(node -> node.addresses().stream());
    return next.with(plan.taking(Stream.concat(pods, nodes).toList()));
  }

  private void requireNamespace(Reference.Named name) {
    require(NAMESPACE, name.namespace(), "namespace");
  }

  private void require(String kind, String name, String method) {
    List<String> known = view.objects().paths(kind);
    if (!known.contains(name)) {
      String hint = Spelling.hint(Spelling.nearest(name, known));
      throw new IllegalArgumentException(
          "there is no %s %s; add it with %s(...)".formatted(kind, name, method) + hint);
    }
  }
}
