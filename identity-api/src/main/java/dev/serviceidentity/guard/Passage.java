// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.Workload;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the layers, and what they have found so far. Each layer runs after
 * the one before it has finished, so that only one thread at a time sees this.
 */
final class Passage {
  final CallerEvidence evidence;
  final AccessRule rule;
  final Instant time;
  final long startNanos;
  Layer layer = Layer.IDENTITY;
  List<MechanismName> mechanisms = List.of();
  List<Caller> callers = List.of();
  List<String> ignored = List.of();
  @Nullable Proof proof;
  SourceAddress source;
  List<Workload> candidates = List.of();
  boolean bound;

  /** Why the source address proves nothing, or null if it may prove something. */
  @Nullable String hidden;

  List<PolicyDecision> decisions = List.of();
  List<String> rules = List.of();
  @Nullable Refusal tolerated;

  Passage(CallerEvidence evidence, AccessRule rule, Instant time, long startNanos) {
    this.evidence = evidence;
    this.rule = rule;
    this.source = SourceAddress.ofSocket(evidence.source().getAddress());
    this.time = time;
    this.startNanos = startNanos;
  }
}
