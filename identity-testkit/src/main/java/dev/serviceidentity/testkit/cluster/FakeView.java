// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.Inventory;
import dev.serviceidentity.k8s.KubernetesNetwork;
import dev.serviceidentity.k8s.ManifestNetworkBuilder;
import dev.serviceidentity.k8s.WorkloadBinding;
import dev.serviceidentity.k8s.cluster.ManifestSet;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.Assumptions.Unowned;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.question.Directory;
import dev.serviceidentity.k8s.question.PolicyQuestions;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.ViewStamp;
import java.util.Optional;

/**
 * The cluster at one moment, and the view of it. Never changes; the engine is made when somebody
 * asks, so that a cluster built step by step is compiled once.
 */
final class FakeView {
  private final ManifestSet objects;
  private final Setup setup;
  private final ViewStamp stamp;
  private final Lazy<Manifests> manifests;

  /** Never closed: it is memory alone, and closing would take it from who still asks this view. */
  private final Lazy<KubernetesNetwork> network;

  private final Lazy<PolicyQuestions> questions;

  /** Who looks at the cluster, and how. */
  record Setup(
      Optional<Reference.Named> ownPod,
      WorkloadBinding binding,
      Assumptions assumptions,
      Sight sight) {
    Setup ownPod(Reference.Named name) {
      return new Setup(Optional.of(name), binding, assumptions, sight);
    }

    Setup binding(WorkloadBinding rules) {
      return new Setup(ownPod, rules, assumptions, sight);
    }

    Setup assuming(Assumptions others) {
      return new Setup(ownPod, binding, others, sight);
    }

    Setup seeing(Sight other) {
      return new Setup(ownPod, binding, assumptions, other);
    }
  }

  FakeView(ManifestSet objects, Setup setup, ViewStamp stamp) {
    this.objects = objects;
    this.setup = setup;
    this.stamp = stamp;
    this.manifests = new Lazy<>(objects::manifests);
    this.network = new Lazy<>(this::open);
    this.questions = new Lazy<>(this::ask);
  }

  ManifestSet objects() {
    return objects;
  }

  Setup setup() {
    return setup;
  }

  ViewStamp stamp() {
    return stamp;
  }

  /** All of the cluster, seen or not. */
  Manifests manifests() {
    return manifests.get();
  }

  KubernetesNetwork network() {
    return network.get();
  }

  PolicyQuestions questions() {
    return questions.get();
  }

  private PolicyQuestions ask() {
    Manifests all = manifests();
    return new PolicyQuestions(this::check, Directory.of(Inventory.of(all), all.report()));
  }

  private KubernetesNetwork open() {
    Sight sight = setup.sight;
    Manifests seen = sight.of(manifests(), setup.ownPod.map(Reference.Named::toString));
    Assumptions assumed = setup.assumptions;
    ManifestNetworkBuilder builder =
        KubernetesNetwork.fromManifests(seen)
            .binding(setup.binding)
            .podsInBlocks(assumed.podsInBlocks())
            .unownedAddresses(sight.hidesOwners() ? Unowned.UNDECIDABLE : assumed.unowned());
    setup
        .ownPod
        .filter(own -> shows(seen, own))
        .ifPresent(own -> builder.ownPod(own.namespace(), own.name()));
    return builder.open();
  }

  private static boolean shows(Manifests seen, Reference.Named pod) {
    return seen.facts().pods().stream().map(PodFacts::displayName).anyMatch(pod.toString()::equals);
  }

  PolicyDecision check(Flow flow) {
    PolicyDecision decision = network().check(flow);
    return decision.verdict() == Verdict.UNDECIDABLE
        ? PolicyDecision.of(
            decision.verdict(), of -> setup.sight.extend(decision.explanation(of)), stamp)
        : PolicyDecision.of(decision.verdict(), decision::explanation, stamp);
  }

  Health.Part health() {
    Health.Part health = network().health();
    if (health.status() == Health.Status.DOWN) {
      return health;
    }
    if (!setup.sight.isFull()) {
      return degraded(health, setup.sight.why());
    }
    return setup
        .ownPod
        .filter(own -> !shows(manifests(), own))
        .map(own -> degraded(health, "the own pod " + own + " is not in the cluster"))
        .orElse(health);
  }

  private static Health.Part degraded(Health.Part part, String why) {
    return new Health.Part(part.name(), Health.Status.DEGRADED, why, part.since());
  }
}
