// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.k8s.policy.PolicyEngine;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.ViewStamp;

/** The decisions of one view, made once, so that deciding a flow makes nothing. */
record Decisions(PolicyDecision allowed, PolicyDecision denied, PolicyDecision undecidable) {

  static Decisions of(PolicyEngine engine, ViewStamp stamp) {
    return new Decisions(
        PolicyDecision.of(Verdict.ALLOWED, new KnownExplanations(engine::explain)::of, stamp),
        PolicyDecision.of(Verdict.DENIED, engine::explain, stamp),
        PolicyDecision.of(Verdict.UNDECIDABLE, engine::explain, stamp));
  }

  PolicyDecision of(Verdict verdict) {
    return switch (verdict) {
      case ALLOWED -> allowed;
      case DENIED -> denied;
      case UNDECIDABLE -> undecidable;
    };
  }

  ViewStamp stamp() {
    return allowed.stamp();
  }
}
