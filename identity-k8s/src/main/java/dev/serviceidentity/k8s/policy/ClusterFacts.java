// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.List;
import java.util.Objects;

/**
 * Everything that is known of a cluster at one moment, and what is known to be missing.
 *
 * @param namespaces the known namespaces; one that is not among them has unknown labels
 * @param pods the known pods, each name once
 * @param nodes the known nodes
 * @param policies the policies in force
 * @param gaps what is missing
 */
public record ClusterFacts(
    List<NamespaceFacts> namespaces,
    List<PodFacts> pods,
    List<NodeFacts> nodes,
    Policies policies,
    Gaps gaps) {

  /**
   * The policies in force.
   *
   * @param ofNamespaces the NetworkPolicies
   * @param ofCluster the cluster-wide policies, in any order
   */
  public record Policies(List<PolicyFacts> ofNamespaces, List<ClusterPolicyFacts> ofCluster) {
    /**
     * Copies the lists.
     *
     * @param ofNamespaces the NetworkPolicies
     * @param ofCluster the cluster-wide policies
     */
    public Policies {
      ofNamespaces = List.copyOf(ofNamespaces);
      ofCluster = List.copyOf(ofCluster);
    }
  }

  /**
   * What is known to be missing.
   *
   * @param policies what could not be evaluated and may change a decision
   * @param owners who may own an address beside the known pods and nodes; a pod that is known and
   *     has no address yet is none of them, and may own any that nobody else does
   * @param unnamed whether a namespace that is not known may lack the label with its name, which
   *     API servers set since Kubernetes 1.22
   */
  public record Gaps(List<UnreadPolicy> policies, List<UnknownOwner> owners, boolean unnamed) {
    /** Nothing is missing. */
    public static final Gaps NONE = new Gaps(List.of(), List.of());

    /**
     * Copies the lists.
     *
     * @param policies what could not be evaluated
     * @param owners who may own an address beside the known pods and nodes
     * @param unnamed whether a namespace that is not known may lack the label with its name
     */
    public Gaps {
      policies = List.copyOf(policies);
      owners = List.copyOf(owners);
    }

    /**
     * Gaps in a cluster where every namespace has the label with its name.
     *
     * @param policies what could not be evaluated
     * @param owners who may own an address beside the known pods and nodes
     */
    public Gaps(List<UnreadPolicy> policies, List<UnknownOwner> owners) {
      this(policies, owners, false);
    }
  }

  /**
   * Copies the lists.
   *
   * @param namespaces the known namespaces
   * @param pods the known pods
   * @param nodes the known nodes
   * @param policies the policies in force
   * @param gaps what is missing
   */
  public ClusterFacts {
    namespaces = List.copyOf(namespaces);
    pods = List.copyOf(pods);
    nodes = List.copyOf(nodes);
    Objects.requireNonNull(policies, "policies");
    Objects.requireNonNull(gaps, "gaps");
  }
}
