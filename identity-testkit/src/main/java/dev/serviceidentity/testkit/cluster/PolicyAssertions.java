// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyChecker;
import dev.serviceidentity.network.PolicyDecision;

/**
 * Assertions about who may reach whom; a failure is told by the engine's own explanation. They
 * stand beside those of AssertJ: both {@code assertThat} may be imported.
 *
 * <pre>{@code
 * assertThat(cluster).from("shop/web").to("shop/orders").onPort(8080).isAllowed();
 * assertThat(cluster).from("external").to("shop/orders").onPort(8080).isDenied();
 * assertThat(cluster).hasMatrix("""
 *     8080         shop/web  shop/batch  shop/orders
 *     shop/web     -         allowed     allowed
 *     external     allowed   denied      denied
 *     """);
 * }</pre>
 */
public final class PolicyAssertions {
  private PolicyAssertions() {}

  /**
   * Assertions about a cluster, whose ends are pods, workloads, addresses, and {@code external}.
   *
   * @param cluster the cluster
   * @return assertions
   */
  public static ClusterAssert assertThat(FakeCluster cluster) {
    return new ClusterAssert(cluster, cluster::ask);
  }

  /**
   * Assertions about anything that decides flows, such as a {@code KubernetesNetwork} of manifests.
   * It is asked for flows alone, so that an end is a pod, the workload whose template stands for
   * its pods, or an address.
   *
   * @param checker decides flows
   * @return assertions
   */
  public static ClusterAssert assertThat(PolicyChecker checker) {
    return new ClusterAssert(checker, question -> ask(checker, question));
  }

  private static Answer ask(PolicyChecker checker, Question question) {
    var flow =
        new Flow(
            end(question.from()),
            end(question.to()),
            question.port().number(),
            question.port().protocol(),
            question.side());
    PolicyDecision decision = checker.check(flow);
    return new Answer(decision.verdict(), () -> decision.explanation(flow));
  }

  private static FlowEnd end(Reference reference) {
    if (reference instanceof Reference.Named named) {
      return FlowEnd.pod(named.namespace(), named.name());
    }
    if (reference instanceof Reference.Address one) {
      return FlowEnd.of(one.address().toInetAddress());
    }
    throw new IllegalArgumentException(
        "whom '" + reference + "' means a FakeCluster knows; here an end is a pod or an address");
  }
}
