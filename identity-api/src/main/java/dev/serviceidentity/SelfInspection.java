// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.PolicyDecision;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks a service's own identities, parts and paths. */
final class SelfInspection {
  private static final String UNANSWERED = "See health(), and whether the identity is still open.";

  private static final String OWN_POD = "own pod";

  private final OpenParts parts;
  private final Clock clock;

  SelfInspection(OpenParts parts, Clock clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /** How the parts do is asked last: that a view has looked at itself may have changed it. */
  SelfCheck inspect(Supplier<Health> health, List<Flow> paths) {
    ClusterNetwork network = parts.network();
    List<Finding> seen = network == null ? List.of() : seenBy(network);
    List<Finding> findings = new ArrayList<>();
    for (IdentityMechanism mechanism : parts.mechanisms().values()) {
      findings.add(asked(mechanism.name().value(), () -> identity(mechanism.current())));
    }
    health.get().parts().forEach(part -> findings.add(part(part)));
    if (network != null) {
      findings.add(asked(OWN_POD, () -> pod(network)));
    }
    findings.addAll(seen);
    paths.forEach(path -> findings.add(asked(path.toString(), () -> path(network, path))));
    return new SelfCheck(findings);
  }

  /** A part that cannot answer, such as a closed one, is a finding like any other. */
  private static Finding asked(String subject, Supplier<Finding> question) {
    try {
      return question.get();
    } catch (RuntimeException failed) {
      return new Finding(Severity.FAILED, subject, "could not be asked: " + failed, UNANSWERED);
    }
  }

  /** A view by itself, without an identity. */
  static SelfCheck of(ClusterNetwork network) {
    List<Finding> seen = seenBy(network);
    List<Finding> findings = new ArrayList<>();
    findings.add(asked("network", () -> part(network.health())));
    findings.add(asked(OWN_POD, () -> pod(network)));
    findings.addAll(seen);
    return new SelfCheck(findings);
  }

  private static List<Finding> seenBy(ClusterNetwork network) {
    var heard = new HeardFindings();
    try {
      network.inspect(heard);
    } catch (RuntimeException failed) {
      // It may be foreign code; what it has said so far counts.
      heard.broken("network", "could not look at itself: " + failed, UNANSWERED);
    }
    return heard.findings();
  }

  private static Finding pod(ClusterNetwork network) {
    return network
        .self()
        .map(pod -> new Finding(Severity.OK, OWN_POD, pod.displayName(), ""))
        .orElseGet(
            () ->
                new Finding(
                    Severity.FAILED,
                    OWN_POD,
                    "the view does not show it, so that every caller is refused",
                    "Tell the network's builder which pod this is, and see its load report or"
                        + " rights."));
  }

  private Finding identity(IdentitySnapshot snapshot) {
    String validity = "valid until " + snapshot.expiresAt();
    return snapshot.isValidAt(clock.instant())
        ? new Finding(Severity.OK, snapshot.principal().toString(), validity, "")
        : new Finding(
            Severity.FAILED,
            snapshot.principal().toString(),
            "not valid now, " + validity,
            "See health(): the refresh of this identity fails.");
  }

  private static Finding part(Health.Part part) {
    return switch (part.status()) {
      case UP -> new Finding(Severity.OK, part.name(), part.detail(), "");
      case DEGRADED -> new Finding(Severity.WARNING, part.name(), part.detail(), "");
      case DOWN -> new Finding(Severity.FAILED, part.name(), part.detail(), "");
    };
  }

  private static Finding path(@Nullable ClusterNetwork network, Flow path) {
    if (network == null) {
      return new Finding(
          Severity.WARNING,
          path.toString(),
          "not checked, since this identity trusts identity alone",
          "Configure network(...).");
    }
    PolicyDecision decision = network.check(path);
    return decision.permits()
        ? new Finding(Severity.OK, path.toString(), decision.explanation(path).summary(), "")
        : new Finding(
            Severity.FAILED,
            path.toString(),
            decision.verdict() + ": " + decision.explanation(path).render(),
            "Change the policy that the explanation names, or the labels it selects by.");
  }
}
