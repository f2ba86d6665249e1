// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.TestCluster;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every way to ask gives the answer of an engine that is compiled anew, before and after every kind
 * of update. Both must also say the same in words.
 */
class UpdateTest {
  private static final int CLUSTERS = Integer.getInteger("random.updates", 40);
  private static final int UPDATES = 12;
  private static final int FLOWS = 12;
  private static final List<Integer> PORTS = List.of(80, 81, 443, 8080);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** What the cluster holds, changed step by step beside the engine. */
  private static final class Model {
    private final List<NamespaceFacts> namespaces;
    private final List<PodFacts> pods;
    private final List<NodeFacts> nodes;
    private final List<PolicyFacts> policies;
    private final List<ClusterPolicyFacts> clusterPolicies;
    private final ClusterFacts.Gaps gaps;
    private final Assumptions assumptions;

    Model(RandomCluster cluster) {
      ClusterFacts facts = TestCluster.of(cluster.toManifest()).facts();
      this.assumptions = cluster.assumptions;
      this.namespaces = new ArrayList<>(facts.namespaces());
      this.pods = new ArrayList<>(facts.pods());
      this.nodes = facts.nodes();
      this.policies = new ArrayList<>(facts.policies().ofNamespaces());
      this.clusterPolicies = new ArrayList<>(facts.policies().ofCluster());
      this.gaps = facts.gaps();
    }

    PolicyEngine compile() {
      return PolicyEngine.compile(
          new ClusterFacts(
              namespaces, pods, nodes, new ClusterFacts.Policies(policies, clusterPolicies), gaps),
          assumptions);
    }
  }

  @Test
  void anUpdatedEngineIsOneThatIsCompiledAnew() {
    System.out.println("UpdateTest: -Dseed=" + seed);
    for (int i = 0; i < CLUSTERS; i++) {
      var objects = new RandomCluster(random.nextLong());
      var other = new RandomCluster(random.nextLong());
      var ends = new ArrayList<>(RandomClusterTest.ends(objects));
      ends.addAll(RandomClusterTest.ends(other));
      var model = new Model(objects);
      var more = new Model(other);
      PolicyView view = PolicyView.of(model.compile());
      var held = new HeldPeers(view, ends, random);
      for (int j = 0; j < UPDATES; j++) {
        compare(view, model.compile(), ends, held);
        view.update(update(model, more));
      }
      compare(view, model.compile(), ends, held);
    }
  }

  private UnaryOperator<PolicyEngine> update(Model model, Model more) {
    return switch (random.nextInt(9)) {
      case 0, 1 -> {
        PodFacts pod = pick(more.pods);
        replace(model.pods, pod, each -> each.displayName().equals(pod.displayName()));
        yield engine -> engine.with(pod);
      }
      case 2 -> {
        PodFacts pod = pick(model.pods.isEmpty() ? more.pods : model.pods);
        model.pods.removeIf(each -> each.displayName().equals(pod.displayName()));
        yield engine -> engine.withoutPod(pod.namespace(), pod.pod().name());
      }
      case 3 -> {
        NamespaceFacts namespace = pick(more.namespaces);
        replace(model.namespaces, namespace, each -> each.name().equals(namespace.name()));
        yield engine -> engine.with(namespace);
      }
      case 4 -> {
        String name = pick(RandomCluster.NAMESPACES);
        model.namespaces.removeIf(each -> each.name().equals(name));
        yield engine -> engine.withoutNamespace(name);
      }
      case 5 -> {
        PolicyFacts policy = pick(more.policies);
        replace(model.policies, policy, each -> each.displayName().equals(policy.displayName()));
        yield engine -> engine.with(policy);
      }
      case 6 -> {
        PolicyFacts policy = pick(model.policies.isEmpty() ? more.policies : model.policies);
        model.policies.removeIf(each -> each.displayName().equals(policy.displayName()));
        yield engine -> engine.withoutPolicy(policy.namespace(), policy.name());
      }
      case 7 -> clusterPolicy(model, more);
      default -> {
        List<ClusterPolicyFacts> all = model.clusterPolicies;
        if (all.isEmpty()) {
          yield engine -> engine;
        }
        ClusterPolicyFacts policy = pick(all);
        all.remove(policy);
        yield engine -> engine.withoutPolicy(policy.kind(), policy.name());
      }
    };
  }

  private UnaryOperator<PolicyEngine> clusterPolicy(Model model, Model more) {
    if (more.clusterPolicies.isEmpty()) {
      return engine -> engine;
    }
    ClusterPolicyFacts policy = pick(more.clusterPolicies);
    replace(model.clusterPolicies, policy, each -> each.displayName().equals(policy.displayName()));
    return engine -> engine.with(policy);
  }

  private static <T> void replace(List<T> list, T value, Predicate<T> same) {
    list.removeIf(same);
    list.add(value);
  }

  private void compare(PolicyView view, PolicyEngine fresh, List<String> ends, HeldPeers held) {
    for (int i = 0; i < FLOWS; i++) {
      FlowEnd from = TestCluster.end(pick(ends));
      FlowEnd to = TestCluster.end(pick(ends));
      Side side = pick(List.of(Side.values()));
      var flow = new Flow(from, to, pick(PORTS), pick(List.of(Protocol.values())), side);
      String why = fresh.explain(flow).render();

      assertThat(view.engine().verdict(flow)).as(why).isEqualTo(fresh.verdict(flow));
      assertThat(view.engine().explain(flow).render()).isEqualTo(why);
      boolean byAddress = from instanceof FlowEnd.AddressEnd && to instanceof FlowEnd.AddressEnd;
      if (byAddress && side != Side.BOTH) {
        compareVantage(view, flow, fresh);
      }
    }
    held.compare(fresh);
  }

  /** Handles that were taken before the updates, and must follow them. */
  private static final class HeldPeers {
    private final List<HeldPeer> handles = new ArrayList<>();
    private final List<Vantage> vantages = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();

    HeldPeers(PolicyView view, List<String> ends, Random random) {
      List<String> addresses = ends.stream().filter(end -> !end.contains("/")).toList();
      for (int i = 0; i < FLOWS; i++) {
        var from =
            (FlowEnd.AddressEnd) TestCluster.end(addresses.get(random.nextInt(addresses.size())));
        var to =
            (FlowEnd.AddressEnd) TestCluster.end(addresses.get(random.nextInt(addresses.size())));
        Vantage vantage = view.at(IpAddress.of(to.address()));
        vantages.add(vantage);
        handles.add(vantage.hold(Direction.INGRESS, IpAddress.of(from.address())));
        flows.add(new Flow(from, to, 80, Protocol.TCP, Side.INGRESS));
      }
    }

    void compare(PolicyEngine fresh) {
      for (int i = 0; i < FLOWS; i++) {
        Flow flow = flows.get(i);
        byte[] from = ((FlowEnd.AddressEnd) flow.from()).address().getAddress();
        assertThat(handles.get(i).judge(Protocol.TCP, 80).verdict())
            .as("%s held since before", flow)
            .isEqualTo(fresh.verdict(flow));
        assertThat(vantages.get(i).judge(Direction.INGRESS, from, Protocol.TCP, 80).verdict())
            .as("%s from a vantage taken before", flow)
            .isEqualTo(fresh.verdict(flow));
      }
    }
  }

  private static void compareVantage(PolicyView view, Flow flow, PolicyEngine fresh) {
    boolean ingress = flow.side() == Side.INGRESS;
    Direction direction = ingress ? Direction.INGRESS : Direction.EGRESS;
    InetAddress own = ((FlowEnd.AddressEnd) (ingress ? flow.to() : flow.from())).address();
    InetAddress peer = ((FlowEnd.AddressEnd) (ingress ? flow.from() : flow.to())).address();
    Vantage vantage = view.at(IpAddress.of(own));
    HeldPeer held = vantage.hold(direction, IpAddress.of(peer));

    assertThat(vantage.judge(direction, peer.getAddress(), flow.protocol(), flow.port()).verdict())
        .as(() -> flow + " at its vantage\n" + fresh.explain(flow).render())
        .isEqualTo(fresh.verdict(flow));
    assertThat(held.judge(flow.protocol(), flow.port()).verdict())
        .as(() -> flow + " held\n" + fresh.explain(flow).render())
        .isEqualTo(fresh.verdict(flow));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
