// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.AccessEvent.Heading;
import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.audit.AccessEvent.Proof;
import dev.serviceidentity.audit.AccessEvent.Request;
import dev.serviceidentity.audit.AccessEvent.Ruling;
import dev.serviceidentity.audit.AccessEvent.Source;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.network.Flow.Protocol;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The events that the guard would have made of decisions that a test has scripted. */
final class FakeEvents {
  private final FakeMechanism own;
  private final AuditSink sink;
  private final AtomicLong sequence = new AtomicLong();

  FakeEvents(FakeMechanism own, AuditSink sink) {
    this.own = own;
    this.sink = sink;
  }

  void record(CallerEvidence evidence, AccessDecision decision) {
    IdentitySnapshot mine = own.current();
    long number = sequence.incrementAndGet();
    List<Caller> callers = callers(evidence, decision);
    sink.accept(
        new AccessEvent(
            new Heading(decision.id(), number, own.clock().instant(), Duration.ZERO, 1),
            new Own(List.of(mine.principal()), null, mine.generation()),
            outcome(decision),
            proof(callers),
            source(evidence, callers, decision),
            new Ruling(List.of(), null, 0, null),
            request(evidence)));
  }

  private static Outcome outcome(AccessDecision decision) {
    if (decision instanceof Refused refused) {
      return outcome(Decision.REFUSED, true, refused.refusal());
    }
    return ((Admitted) decision)
        .wouldHaveBeenRefused()
        .map(tolerated -> outcome(Decision.ADMITTED, false, tolerated))
        .orElseGet(() -> new Outcome(Decision.ADMITTED, true, null, null, ""));
  }

  private static Outcome outcome(Decision made, boolean enforced, Refusal refusal) {
    return new Outcome(made, enforced, refusal.layer(), refusal.reason().name(), refusal.detail());
  }

  /** Whom a refusal is about, only the evidence can tell. */
  private List<Caller> callers(CallerEvidence evidence, AccessDecision decision) {
    if (decision instanceof Admitted admitted) {
      return admitted.callers();
    }
    return own.callers().verify(evidence) instanceof Verification.Verified verified
        ? List.of(verified.caller())
        : List.of();
  }

  private static Proof proof(List<Caller> callers) {
    return new Proof(
        callers.stream().map(caller -> caller.principal().mechanism()).distinct().toList(),
        callers.stream().map(Caller::principal).toList(),
        callers.stream().map(Caller::fingerprint).flatMap(Optional::stream).toList(),
        List.of());
  }

  private static Source source(
      CallerEvidence evidence, List<Caller> callers, AccessDecision decision) {
    String address = evidence.source().getAddress().getHostAddress();
    return new Source(
        address,
        address,
        "SOCKET",
        callers.stream()
            .flatMap(caller -> caller.forwardedBy().stream())
            .findFirst()
            .map(Forwarder::toString)
            .orElse(null),
        decision instanceof Admitted admitted ? admitted.workload().stream().toList() : List.of());
  }

  private static Request request(CallerEvidence evidence) {
    InetSocketAddress local = evidence.local();
    String host = local.getAddress().getHostAddress();
    return new Request(
        (host.contains(":") ? "[" + host + "]" : host) + ":" + local.getPort(),
        Protocol.TCP,
        evidence.method(),
        evidence.path(),
        null);
  }
}
