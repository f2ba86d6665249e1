// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One view of a cluster's policies, compiled and ready to decide flows by NetworkPolicy v1 and the
 * cluster-wide policies before and after it. Immutable and thread-safe; it works in memory, takes
 * no lock, and never throws because of what the facts or a flow say.
 *
 * <p>Pods and addresses that no policy tells apart are of one kind, and each pair of kinds is
 * decided once, for all ports, when it is first asked about. What a decision costs does therefore
 * not depend on how many policies there are.
 *
 * <pre>{@code
 * PolicyEngine engine = PolicyEngine.compile(facts, Assumptions.DEFAULT);
 * var flow = new Flow(
 *     FlowEnd.pod("shop", "web"), FlowEnd.pod("shop", "orders"), 8080, TCP, BOTH);
 * log(engine.verdict(flow), engine.explain(flow).render());
 * }</pre>
 *
 * @see PolicyView
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network
 *     Policies</a>
 */
public final class PolicyEngine {
  private final CompiledCluster cluster;

  private PolicyEngine(CompiledCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Compiles the policies of a cluster.
   *
   * @param facts all that is known of it
   * @param assumptions what the API leaves open
   * @return the engine for these facts
   */
  public static PolicyEngine compile(ClusterFacts facts, Assumptions assumptions) {
    return new PolicyEngine(CompiledCluster.of(facts, assumptions));
  }

  /**
   * The engine after a pod has come or changed.
   *
   * @param pod all that is known of it now
   * @return an engine that shares most with this one, which stays as it is
   */
  public PolicyEngine with(PodFacts pod) {
    return new PolicyEngine(cluster.with(pod));
  }

  /**
   * The engine after a pod has gone.
   *
   * @param namespace its namespace
   * @param name its name
   * @return an engine that shares most with this one
   */
  public PolicyEngine withoutPod(String namespace, String name) {
    return new PolicyEngine(cluster.withoutPod(namespace, name));
  }

  /**
   * The engine after a namespace has come or changed.
   *
   * @param namespace all that is known of it now
   * @return an engine that shares most with this one
   */
  public PolicyEngine with(NamespaceFacts namespace) {
    return new PolicyEngine(cluster.with(namespace));
  }

  /**
   * The engine after a namespace is not known any more.
   *
   * @param name its name
   * @return an engine that shares most with this one
   */
  public PolicyEngine withoutNamespace(String name) {
    return new PolicyEngine(cluster.withoutNamespace(name));
  }

  /**
   * The engine after a NetworkPolicy has come or changed.
   *
   * @param policy all of it
   * @return an engine that shares most with this one, unless the policy looks at what none did
   */
  public PolicyEngine with(PolicyFacts policy) {
    return new PolicyEngine(cluster.with(policy));
  }

  /**
   * The engine after a NetworkPolicy has gone.
   *
   * @param namespace its namespace
   * @param name its name
   * @return an engine that shares most with this one
   */
  public PolicyEngine withoutPolicy(String namespace, String name) {
    return new PolicyEngine(cluster.withoutPolicy(namespace, name));
  }

  /**
   * The engine after a cluster-wide policy has come or changed. All answers are found anew.
   *
   * @param policy all of it
   * @return an engine that shares what it knows of pods with this one
   */
  public PolicyEngine with(ClusterPolicyFacts policy) {
    return new PolicyEngine(cluster.with(policy));
  }

  /**
   * The engine after a cluster-wide policy has gone. All answers are found anew.
   *
   * @param kind its kind
   * @param name its name
   * @return an engine that shares what it knows of pods with this one
   */
  public PolicyEngine withoutPolicy(ClusterPolicyFacts.Kind kind, String name) {
    return new PolicyEngine(cluster.withoutPolicy(kind, name));
  }

  /**
   * Decides one flow. Makes nothing once flows of the kind have been asked about, unless an end
   * names a pod on the host network of which it is not known where it runs.
   *
   * @param flow who opens a connection to whom, and whose policies are asked
   * @return the answer; undecidable wherever a fact is missing that could change it
   */
  public Verdict verdict(Flow flow) {
    return FlowJudge.verdict(flow, this);
  }

  /**
   * Says why a flow is decided as it is.
   *
   * @param flow who opens a connection to whom, and whose policies are asked
   * @return the explanation of what {@link #verdict} says of this flow, from what decided
   */
  public Explanation explain(Flow flow) {
    return FlowJudge.explain(flow, this, cluster.rules());
  }

  /** Decides for one end of a flow. Makes nothing once the two kinds have been asked about. */
  Judgement judge(Direction direction, Party subject, Party peer, int place) {
    IndexedPod pod = subject.pod();
    if (pod == null) {
      return subject.end() instanceof Endpoint.Unknown
          ? FixedJudgements.SUBJECT_UNKNOWN
          : FixedJudgements.NOT_SUBJECT;
    }
    Judgement fixed = fixed(pod, peer);
    return fixed == null
        ? line(direction, pod, peer).at(place).withExemption(Exemption.of(pod, peer))
        : fixed;
  }

  /** What holds whatever the port and the policies, or null. */
  @Nullable Judgement fixed(IndexedPod subject, Party peer) {
    if (Exemption.isSelf(subject, peer)) {
      return FixedJudgements.SELF;
    }
    return cluster.rules().hasUnreadFor(subject.facts()) ? FixedJudgements.UNREAD : null;
  }

  Line line(Direction direction, IndexedPod subject, Party peer) {
    return cluster.table().line(direction, subject, peer);
  }

  ClusterIndex index() {
    return cluster.index();
  }

  /**
   * Finds the owner of an address.
   *
   * @param address any address
   * @return pods, a node, nobody in the cluster, or that it is not known
   */
  public AddressOwner ownerOf(IpAddress address) {
    return index().addresses().ownerOf(address);
  }

  /**
   * Finds a pod by its name.
   *
   * @param namespace its namespace
   * @param name its name
   * @return the pod, one that has ended or a template included
   */
  public Optional<PodFacts> pod(String namespace, String name) {
    return Optional.ofNullable(index().pod(namespace, name)).map(IndexedPod::facts);
  }

  /**
   * Everything that it decides by. Makes lists of it.
   *
   * @return facts of which an engine can be compiled that decides as this one does
   */
  public ClusterFacts facts() {
    return cluster.facts();
  }

  /**
   * Finds the pods that run as a service account. Looks at every pod.
   *
   * @param account namespace and name of the service account
   * @return those that can take part in a flow, templates included
   */
  public List<PodFacts> podsOf(ServiceAccountName account) {
    return index().podFacts().stream()
        .filter(pod -> pod.runsAs().equals(account) && pod.isAlive())
        .toList();
  }

  /**
   * Finds a namespace by its name.
   *
   * @param name its name
   * @return empty if its labels are not known
   */
  public Optional<NamespaceFacts> namespace(String name) {
    return Optional.ofNullable(index().namespace(name));
  }
}
