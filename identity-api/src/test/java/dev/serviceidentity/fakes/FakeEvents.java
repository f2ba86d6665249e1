// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.fakes;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.AccessEvent.Heading;
import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.audit.AccessEvent.Proof;
import dev.serviceidentity.audit.AccessEvent.Request;
import dev.serviceidentity.audit.AccessEvent.Ruling;
import dev.serviceidentity.audit.AccessEvent.Source;
import dev.serviceidentity.audit.AccessEvent.Trace;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.Flow.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Events as the guard makes them. */
public final class FakeEvents {
  private FakeEvents() {}

  /** An admission with every member there is. */
  public static AccessEvent admitted(String principal) {
    return of(
        SetClock.START,
        new Outcome(Decision.ADMITTED, true, null, null, ""),
        new Proof(
            List.of(MechanismName.KERBEROS),
            List.of(PrincipalId.parse(principal)),
            List.of("sha256:ab"),
            List.of("X-Claim from nobody")),
        "10.1.0.5");
  }

  /** A refusal of somebody who proved nothing. */
  public static AccessEvent refused(String source, String reason, Instant time) {
    return of(
        time,
        new Outcome(Decision.REFUSED, true, Layer.IDENTITY, reason, "nothing was sent"),
        new Proof(List.of(), List.of(), List.of(), List.of()),
        source);
  }

  public static AccessEvent with(AccessEvent event, Outcome outcome) {
    return new AccessEvent(
        event.heading(),
        event.own(),
        outcome,
        event.proof(),
        event.source(),
        event.ruling(),
        event.request());
  }

  public static AccessEvent with(AccessEvent event, Request request) {
    return new AccessEvent(
        event.heading(),
        event.own(),
        event.outcome(),
        event.proof(),
        event.source(),
        event.ruling(),
        request);
  }

  public static AccessEvent with(AccessEvent event, Ruling ruling) {
    return new AccessEvent(
        event.heading(),
        event.own(),
        event.outcome(),
        event.proof(),
        event.source(),
        ruling,
        event.request());
  }

  public static AccessEvent with(AccessEvent event, Source source) {
    return new AccessEvent(
        event.heading(),
        event.own(),
        event.outcome(),
        event.proof(),
        source,
        event.ruling(),
        event.request());
  }

  private static AccessEvent of(Instant time, Outcome outcome, Proof proof, String source) {
    return new AccessEvent(
        new Heading("0123456789abcdef01234567", 1, time, Duration.ofNanos(1500), 1),
        new Own(List.of(PrincipalId.parse("mtls:orders@SHOP.EXAMPLE")), "shop/orders-1", 3),
        outcome,
        proof,
        new Source(
            source, source, "SOCKET", "kerberos:proxy@SHOP.EXAMPLE", List.of(FakeNetwork.WEB)),
        new Ruling(List.of("shop/a ingress[0].from[1]"), "v7", 7, Duration.ofMillis(1200)),
        new Request(
            "10.1.0.9:8080",
            Protocol.TCP,
            "GET",
            "/orders",
            new Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")));
  }
}
