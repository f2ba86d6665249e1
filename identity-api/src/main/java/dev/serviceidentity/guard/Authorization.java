// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import dev.serviceidentity.spi.ForeignText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The layers after authentication: may this caller call, from this pod, on this path? */
final class Authorization {
  private final Rules rules;

  Authorization(Rules rules) {
    this.rules = rules;
  }

  /** Judges an authenticated passage, and notes in it what was found. */
  CompletionStage<Optional<Refusal>> judge(Passage passage, Proof proof, Patience patience) {
    passage.layer = Layer.CALLER;
    if (!names(rules.allowed(), passage, proof)) {
      return done(
          Optional.of(
              new Refusal(Layer.CALLER, RefusalReason.NOT_ALLOWED, notAllowed(passage, proof))));
    }
    if (!proof.hasCall(passage.evidence, passage.rule::allows)) {
      return done(
          Optional.of(
              new Refusal(Layer.CALLER, RefusalReason.NOT_ALLOWED, notByRule(passage, proof))));
    }
    ClusterNetwork network = rules.network();
    if (network == null) {
      return done(Optional.empty());
    }
    passage.layer = Layer.BINDING;
    return bind(network, passage, proof, patience)
        .thenApply(refusal -> tolerated(passage, refusal).or(() -> checkPath(network, passage)));
  }

  /** Whether there may be a call that the caller may make, as far as the second layer goes. */
  boolean isWelcome(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return rules.allowed().allowsSomewhere(caller, serviceAccount);
  }

  /** Whether the caller was welcome until a moment ago, as far as that is known. */
  boolean wasWelcome(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return rules.allowed() instanceof FollowedCallers followed
        && followed.allowedLately(caller, serviceAccount);
  }

  private CompletionStage<Optional<Refusal>> bind(
      ClusterNetwork network, Passage passage, Proof proof, Patience patience) {
    Optional<String> age = Freshness.tooOld(network.stamp(), rules.stale(), passage.time);
    if (age.isPresent()) {
      return done(Binding.refused(RefusalReason.VIEW_STALE, age.get()));
    }
    // Behind the address is the peer, and that is the proxy where there is one.
    Forwarder forwarder = proof.forwarder();
    Caller peer = forwarder instanceof Forwarder.Proxy proxy ? proxy.caller() : proof.primary();
    Resolution known = Objects.requireNonNull(network.resolve(peer, passage.source), "resolution");
    if (!(known instanceof Resolution.Unknown)) {
      return done(bound(network, known, passage, proof));
    }
    return patience
        .await("The cluster view", () -> network.lookUp(peer, passage.source))
        .thenApply(
            answer ->
                answer.fold(
                    resolution -> bound(network, resolution, passage, proof), Binding::refused));
  }

  private Optional<Refusal> bound(
      ClusterNetwork network, Resolution resolution, Passage passage, Proof proof) {
    passage.candidates = Binding.candidates(resolution);
    ServiceAccountName proven = proof.serviceAccount();
    if (rules.podBound() && proven != null && proof.pod() == null) {
      return notPodBound(proof);
    }
    if (resolution instanceof Resolution.Hidden hidden) {
      return proven != null && mayBeHidden(proof.forwarder(), passage)
          ? behindForwarder(network, passage, proven, hidden)
          : hidden(passage, hidden);
    }
    if (proof.forwarder() instanceof Forwarder.Proxy proxy) {
      Optional<Refusal> refusal = proxyBound(network, resolution, passage, proxy.caller());
      return refusal.isPresent() || proven != null ? refusal : unbound(passage, proof);
    }
    if (proven != null) {
      Caller.BoundPod pod = proof.pod();
      Optional<Refusal> refusal = Binding.judge(proven, pod, passage.source, resolution);
      passage.bound = refusal.isEmpty();
      if (refusal.isEmpty()) {
        passage.candidates = Binding.narrowed(passage.candidates, pod);
      }
      return refusal;
    }
    return unbound(passage, proof);
  }

  private static Optional<Refusal> notPodBound(Proof proof) {
    return Binding.refused(
        RefusalReason.NOT_POD_BOUND,
        "the credential of " + proof.primary() + " does not say which pod it is for");
  }

  /** The address proves nothing; the workload that the forwarder told stands in for it. */
  private static Optional<Refusal> behindForwarder(
      ClusterNetwork network,
      Passage passage,
      ServiceAccountName proven,
      Resolution.Hidden hidden) {
    List<Workload> pods = List.copyOf(network.workloadsOf(proven));
    if (pods.isEmpty()) {
      // Also where this layer only reports, the policies are not asked about that address.
      passage.hidden = Binding.hidden(passage.source, hidden);
      return Binding.refused(
          RefusalReason.SOURCE_UNKNOWN,
          passage.hidden + ", and no pod is known to run as " + proven);
    }
    passage.candidates = pods;
    passage.source = passage.source.forwarded();
    return Optional.empty();
  }

  /** A stolen credential of a proxy could name anybody, so it must come from the proxy's pod. */
  private Optional<Refusal> proxyBound(
      ClusterNetwork network, Resolution resolution, Passage passage, Caller proxy) {
    Optional<ServiceAccountName> account = network.serviceAccountOf(proxy.principal());
    if (account.isPresent()) {
      Caller.BoundPod pod = proxy.boundPod().orElse(null);
      return Binding.judge(account.get(), pod, passage.source, resolution);
    }
    return mayBeUnbound(proxy, passage)
        ? Optional.empty()
        : Binding.refused(
            RefusalReason.UNBOUND_PRINCIPAL,
            "the proxy " + proxy + " stands for no service account");
  }

  /**
   * A sidecar is known by such an address. Of a proxy it proves nothing, so somebody must say so.
   */
  private boolean mayBeHidden(@Nullable Forwarder forwarder, Passage passage) {
    return forwarder instanceof Forwarder.Sidecar
        || (forwarder instanceof Forwarder.Proxy proxy && mayBeUnbound(proxy.caller(), passage));
  }

  private boolean mayBeUnbound(Caller proxy, Passage passage) {
    return rules
        .unbound()
        .allows(new Call(proxy, null, passage.evidence.method(), passage.evidence.path()));
  }

  private static Optional<Refusal> hidden(Passage passage, Resolution.Hidden hidden) {
    // Also for those who need no workload: by such an address the policies would admit anybody.
    passage.hidden = Binding.hidden(passage.source, hidden);
    return Binding.refused(RefusalReason.SOURCE_HIDDEN, passage.hidden);
  }

  private Optional<Refusal> unbound(Passage passage, Proof proof) {
    return names(rules.unbound(), passage, proof)
        ? Optional.empty()
        : Binding.refused(
            RefusalReason.UNBOUND_PRINCIPAL, proof.primary() + " stands for no service account");
  }

  private Optional<Refusal> checkPath(ClusterNetwork network, Passage passage) {
    passage.layer = Layer.NETWORK;
    var check = new PathCheck(network, rules.side(), rules.stale());
    PathCheck.Outcome outcome =
        passage.hidden != null
            ? PathCheck.undecidable(passage.hidden + ", so that no policy can be asked")
            : check.check(
                passage.candidates,
                passage.source,
                passage.evidence.local().getPort(),
                passage.time);
    passage.decisions = outcome.decisions();
    passage.rules = outcome.rules();
    return tolerated(passage, outcome.refusal());
  }

  /** Turns a refusal of a layer that reports only into a note. */
  private Optional<Refusal> tolerated(Passage passage, Optional<Refusal> refusal) {
    if (refusal.isEmpty() || !reportsOnly(refusal.get().layer(), passage)) {
      return refusal;
    }
    if (passage.tolerated == null) {
      passage.tolerated = refusal.get();
    }
    return Optional.empty();
  }

  private boolean reportsOnly(Layer layer, Passage passage) {
    return rules.enforcement().isReportOnly(layer, passage.time)
        || passage.rule.enforcement().isReportOnly(layer, passage.time);
  }

  private static String notByRule(Passage passage, Proof proof) {
    return proof.callers()
        + " may call this service, but not for "
        + ForeignText.quote(passage.evidence.path())
        + ", whose rule allows others";
  }

  private String notAllowed(Passage passage, Proof proof) {
    String path = passage.evidence.path();
    return proof.callers()
        + " is not among the allowed callers"
        + (path.isEmpty() ? "; the evidence names no path" : " of " + ForeignText.quote(path))
        + (proof.serviceAccount() == null
            ? "; the name stands for no service account" + withoutAccount(proof)
            : "");
  }

  private String withoutAccount(Proof proof) {
    return rules.network() == null
        ? ": without a network only SPIFFE IDs of our own domain do; if it should call, allow it by"
            + " AllowedCallers.principals(\""
            + proof.primary().principal()
            + "\")"
        : ", see the binding of the network";
  }

  private static boolean names(AllowedCallers callers, Passage passage, Proof proof) {
    return proof.hasCall(passage.evidence, callers::allows);
  }

  private static CompletionStage<Optional<Refusal>> done(Optional<Refusal> refusal) {
    return CompletableFuture.completedFuture(refusal);
  }
}
