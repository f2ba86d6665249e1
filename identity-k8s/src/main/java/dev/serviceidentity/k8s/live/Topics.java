// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.AccountClaim;
import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import dev.serviceidentity.k8s.cluster.LiveObjects;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.NodeFacts;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Lifecycle;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.k8s.policy.PolicyFacts;
import dev.serviceidentity.k8s.policy.UnknownOwner;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be looked at, and what is in doubt while it may not be seen. */
final class Topics {
  private static final Topic.Part<PodFacts> PODS =
      new Topic.Part<>() {
        @Override
        public PolicyEngine with(PolicyEngine engine, PodFacts pod) {
          return engine.with(pod);
        }

        @Override
        public PolicyEngine without(PolicyEngine engine, PodFacts pod) {
          return engine.withoutPod(pod.namespace(), pod.pod().name());
        }
      };

  private static final Topic.Part<NamespaceFacts> NAMESPACES =
      new Topic.Part<>() {
        @Override
        public PolicyEngine with(PolicyEngine engine, NamespaceFacts namespace) {
          return engine.with(namespace);
        }

        @Override
        public PolicyEngine without(PolicyEngine engine, NamespaceFacts namespace) {
          return engine.withoutNamespace(namespace.name());
        }
      };

  private static final Topic.Part<PolicyFacts> POLICIES =
      new Topic.Part<>() {
        @Override
        public PolicyEngine with(PolicyEngine engine, PolicyFacts policy) {
          return engine.with(policy);
        }

        @Override
        public PolicyEngine without(PolicyEngine engine, PolicyFacts policy) {
          return engine.withoutPolicy(policy.namespace(), policy.name());
        }
      };

  private static final Topic.Part<ClusterPolicyFacts> CLUSTER_POLICIES =
      new Topic.Part<>() {
        @Override
        public PolicyEngine with(PolicyEngine engine, ClusterPolicyFacts policy) {
          return engine.with(policy);
        }

        @Override
        public PolicyEngine without(PolicyEngine engine, ClusterPolicyFacts policy) {
          return engine.withoutPolicy(policy.kind(), policy.name());
        }
      };

  private final LiveObjects objects;

  Topics(Loopback loopback) {
    this.objects = new LiveObjects(loopback);
  }

  /** A pod that is not seen may own any address, also one that another had before. */
  Topic<PodFacts> pods(Resource resource) {
    return new Topic<>(resource, objects::pod, PODS, what -> owner(what, null));
  }

  /** Where not all pods are watched anyway, those that may not be seen leave no more in doubt. */
  Topic<PodFacts> somePods(Resource resource) {
    return new Topic<>(resource, objects::pod, PODS, what -> Doubts.NONE);
  }

  /** Labels of namespaces that are not seen are not known to the engine. */
  Topic<NamespaceFacts> namespaces() {
    return new Topic<>(
        Resource.of(LiveKind.NAMESPACE), objects::namespace, NAMESPACES, what -> Doubts.NONE);
  }

  /** A node that is not seen may own an address that nobody else does. */
  Topic<NodeFacts> nodes() {
    var nowhere = new Placement(Lifecycle.ACTIVE, true, List.of(), List.of());
    return new Topic<>(
        Resource.of(LiveKind.NODE), objects::node, null, what -> owner(what, nowhere));
  }

  Topic<PolicyFacts> policies(Resource resource) {
    String namespace = resource.namespace().isEmpty() ? null : resource.namespace();
    return new Topic<>(resource, objects::policy, POLICIES, what -> policy(what, namespace));
  }

  Topic<ClusterPolicyFacts> clusterPolicies(LiveKind kind) {
    return new Topic<>(
        Resource.of(kind),
        json -> objects.clusterPolicy(kind, json),
        CLUSTER_POLICIES,
        what -> policy(what, null));
  }

  /** Engines do not look at claims. */
  Topic<AccountClaim> accounts(String namespace) {
    return new Topic<>(
        Resource.of(LiveKind.SERVICE_ACCOUNT).in(namespace),
        objects::account,
        null,
        what -> new Doubts(List.of(), List.of(), true, Set.of(), List.of()));
  }

  private static Doubts owner(String what, @Nullable Placement placement) {
    return new Doubts(
        List.of(), List.of(new UnknownOwner(what, placement)), false, Set.of(), List.of());
  }

  private static Doubts policy(String what, @Nullable String namespace) {
    return new Doubts(
        List.of(new UnreadPolicy(what, namespace)), List.of(), false, Set.of(), List.of());
  }
}
