// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One view of a cluster's policies, compiled and ready to decide flows by NetworkPolicy v1 and the
 * cluster-wide policies before and after it. Immutable and thread-safe; it works in memory and
 * never throws because of what the facts or a flow say.
 *
 * <pre>{@code
 * PolicyEngine engine = PolicyEngine.compile(facts, Assumptions.DEFAULT);
 * Judgement judgement = engine.judge(
 *     new Flow(FlowEnd.pod("shop", "web"), FlowEnd.pod("shop", "orders"), 8080, TCP, BOTH));
 * log(judgement.verdict(), judgement.explanation().render());
 * }</pre>
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network
 *     Policies</a>
 */
public final class PolicyEngine {
  private final ClusterIndex index;
  private final Evaluator evaluator;

  private PolicyEngine(ClusterIndex index, Evaluator evaluator) {
    this.index = index;
    this.evaluator = evaluator;
  }

  /**
   * Compiles the policies of a cluster.
   *
   * @param facts all that is known of it
   * @param assumptions what the API leaves open
   * @return the engine for these facts; a change of the cluster needs a new one
   */
  public static PolicyEngine compile(ClusterFacts facts, Assumptions assumptions) {
    return new PolicyEngine(
        new ClusterIndex(facts, assumptions),
        new Evaluator(facts.gaps().policies(), new Tiers(facts.policies().ofCluster())));
  }

  /**
   * Decides one flow.
   *
   * @param flow who opens a connection to whom, and whose policies are asked
   * @return the answer; undecidable wherever a fact is missing that could change it
   */
  public Judgement judge(Flow flow) {
    ClusterIndex.Meaning from = index.meaningOf(flow.from());
    ClusterIndex.Meaning to = index.meaningOf(flow.to());
    var cases = new ArrayList<FlowCase>();
    for (Endpoint source : from.endpoints()) {
      for (Endpoint destination : to.endpoints()) {
        if (source.sharesFamilyWith(destination)) {
          cases.add(new FlowCase(source, destination, rulings(flow, source, destination)));
        }
      }
    }
    if (cases.isEmpty()) {
      String problem = from.problem().isEmpty() ? to.problem() : from.problem();
      return new Judgement(Verdict.UNDECIDABLE, () -> Explainer.noFlow(flow, problem));
    }
    var explainer = new Explainer(flow, index, evaluator);
    return new Judgement(agreed(cases), () -> explainer.explain(cases));
  }

  private List<Ruling> rulings(Flow flow, Endpoint from, Endpoint to) {
    var rulings = new ArrayList<Ruling>(2);
    if (flow.side() != Flow.Side.EGRESS) {
      rulings.add(
          evaluator.rule(new Contact(Direction.INGRESS, to, from, flow.protocol(), flow.port())));
    }
    if (flow.side() != Flow.Side.INGRESS) {
      rulings.add(
          evaluator.rule(new Contact(Direction.EGRESS, from, to, flow.protocol(), flow.port())));
    }
    return rulings;
  }

  private static Verdict agreed(List<FlowCase> cases) {
    Verdict first = cases.get(0).verdict();
    return cases.stream().allMatch(each -> each.verdict() == first) ? first : Verdict.UNDECIDABLE;
  }

  /**
   * Finds the owner of an address.
   *
   * @param address any address
   * @return pods, a node, nobody in the cluster, or that it is not known
   */
  public AddressOwner ownerOf(IpAddress address) {
    return index.ownerOf(address);
  }

  /**
   * Finds a pod by its name.
   *
   * @param namespace its namespace
   * @param name its name
   * @return the pod, one that has ended or a template included
   */
  public Optional<PodFacts> pod(String namespace, String name) {
    return Optional.ofNullable(index.pod(namespace, name)).map(IndexedPod::facts);
  }

  /**
   * Finds a namespace by its name.
   *
   * @param name its name
   * @return empty if its labels are not known
   */
  public Optional<NamespaceFacts> namespace(String name) {
    return Optional.ofNullable(index.namespace(name));
  }
}
