// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.AccessEvent.Heading;
import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.audit.AccessEvent.Request;
import dev.serviceidentity.audit.AccessEvent.Ruling;
import dev.serviceidentity.audit.AccessEvent.Source;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.spi.RefusedHandshake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts access events together from what the layers found; the trail numbers them. */
final class Events {
  private final Supplier<Own> own;

  Events(Supplier<Own> own) {
    this.own = own;
  }

  AccessEvent of(Passage passage, AccessDecision decision) {
    return new AccessEvent(
        heading(decision.id(), passage.time, System.nanoTime() - passage.startNanos),
        own.get(),
        outcome(passage, decision),
        proof(passage),
        source(passage),
        ruling(passage),
        request(passage));
  }

  AccessEvent of(RefusedHandshake refused, String id, Instant time) {
    String source = refused.source() == null ? null : refused.source().getHostAddress();
    String basis = source == null ? null : "SOCKET";
    return new AccessEvent(
        heading(id, time, 0),
        own.get(),
        new Outcome(
            Decision.REFUSED, true, Layer.IDENTITY, refused.reason().name(), refused.detail()),
        new AccessEvent.Proof(
            List.of(refused.mechanism()),
            List.of(),
            refused.fingerprint() == null ? List.of() : List.of(refused.fingerprint()),
            List.of()),
        new Source(source, source, basis, null, List.of()),
        new Ruling(List.of(), null, 0, null),
        new Request(null, Protocol.TCP, "", "", null));
  }

  /** The same event under another heading. */
  static AccessEvent under(Heading heading, AccessEvent event) {
    return new AccessEvent(
        heading,
        event.own(),
        event.outcome(),
        event.proof(),
        event.source(),
        event.ruling(),
        event.request());
  }

  private static Heading heading(String id, Instant time, long nanos) {
    return new Heading(id, 0, time, Duration.ofNanos(nanos), 1);
  }

  private static Outcome outcome(Passage passage, AccessDecision decision) {
    Refusal refusal = decision instanceof Refused refused ? refused.refusal() : passage.tolerated;
    Decision made = decision instanceof Refused ? Decision.REFUSED : Decision.ADMITTED;
    boolean enforced = passage.tolerated == null || made == Decision.REFUSED;
    return refusal == null
        ? new Outcome(made, enforced, null, null, "")
        : new Outcome(made, enforced, refusal.layer(), refusal.reason().name(), refusal.detail());
  }

  private static AccessEvent.Proof proof(Passage passage) {
    List<Caller> callers = passage.callers;
    return new AccessEvent.Proof(
        passage.mechanisms,
        Each.of(callers, Caller::principal),
        told(callers, Caller::fingerprint),
        passage.ignored);
  }

  private static Source source(Passage passage) {
    return new Source(
        passage.source.socket().getHostAddress(),
        passage.source.effective().getHostAddress(),
        passage.source.basis().name(),
        forwardedBy(passage),
        passage.candidates);
  }

  private static @Nullable String forwardedBy(Passage passage) {
    List<Forwarder> forwarders = told(passage.callers, Caller::forwardedBy);
    return forwarders.isEmpty() ? null : forwarders.get(0).toString();
  }

  private static <T> List<T> told(List<Caller> callers, Function<Caller, Optional<T>> asked) {
    var told = new ArrayList<T>(callers.size());
    callers.forEach(caller -> asked.apply(caller).ifPresent(told::add));
    return List.copyOf(told);
  }

  private static Ruling ruling(Passage passage) {
    if (passage.decisions.isEmpty()) {
      return new Ruling(List.of(), null, 0, null);
    }
    ViewStamp stamp = passage.decisions.get(0).stamp();
    return new Ruling(
        passage.rules, stamp.version(), stamp.generation(), stamp.ageAt(passage.time));
  }

  private static Request request(Passage passage) {
    InetSocketAddress local = passage.evidence.local();
    return new Request(
        address(local),
        Protocol.TCP,
        passage.evidence.method(),
        passage.evidence.path(),
        TraceContext.of(passage.evidence));
  }

  private static String address(InetSocketAddress end) {
    String host = end.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + end.getPort();
  }
}
