// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.ForwardedRequests.BATCH;
import static dev.serviceidentity.mtls.ForwardedRequests.GATEWAY;
import static dev.serviceidentity.mtls.ForwardedRequests.GOOD;
import static dev.serviceidentity.mtls.ForwardedRequests.XFCC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forwarded callers before the whole guard: who may call, and what the event tells. */
class ForwardedAdmissionTest {
  @TempDir Path directory;
  private final InMemorySink sink = new InMemorySink(100);
  private ForwardedRequests requests;
  private ServiceIdentity identity;

  @BeforeEach
  void open() throws Exception {
    requests = new ForwardedRequests(directory);
    identity =
        ServiceIdentity.builder()
            .mechanism(requests.orders)
            .trustIdentityAlone()
            .allow(AllowedCallers.principals("mtls:" + World.WEB))
            .audit(sink)
            .open();
  }

  @AfterEach
  void close() throws Exception {
    identity.close();
    requests.close();
  }

  @Test
  void aForwardedCallerIsAdmittedAndTheEventNamesTheProxy() throws Exception {
    AccessDecision decision = identity.admit(requests.fromGateway(XFCC, GOOD));
    assertThat(decision).as(decision.explanation()).isInstanceOf(Admitted.class);
    AccessEvent event = event(decision);
    assertThat(event.source().forwardedBy()).isEqualTo("mtls:" + GATEWAY);
    assertThat(event.proof().principals()).hasToString("[mtls:" + World.WEB + "]");
    assertThat(event.proof().ignored()).isEmpty();
  }

  @Test
  void aProxyIsRefusedWithoutACaller() throws Exception {
    Refused refused = refused(requests.fromGateway(), "NOT_FORWARDED");
    assertThat(refused.httpStatus()).isEqualTo(401);
  }

  @Test
  void aForwardedCallerMustItselfBeAllowed() throws Exception {
    String batch = "By=" + GATEWAY + ";URI=" + BATCH;
    assertThat(
            event(refused(requests.fromGateway(XFCC, batch), "NOT_ALLOWED")).source().forwardedBy())
        .isEqualTo("mtls:" + GATEWAY);
  }

  @Test
  void whoIsRefusedForItselfGainsNothingByAHeaderAndTheAttemptIsOnRecord() throws Exception {
    AccessEvent event = event(refused(requests.fromBatch(XFCC, GOOD), "NOT_ALLOWED"));
    assertThat(event.proof().principals()).hasToString("[mtls:" + BATCH + "]");
    assertThat(event.proof().ignored())
        .singleElement()
        .asString()
        .startsWith("x-forwarded-client-cert from 10.1.0.7");
    assertThat(event.source().forwardedBy()).isNull();
  }

  @Test
  void whoMayCallMayNotForward() throws Exception {
    CallerEvidence evidence =
        ForwardedRequests.from("10.1.0.5", XFCC, "By=" + World.WEB + ";URI=" + BATCH)
            .peerCertificates(requests.web.chain());
    Admitted admitted = (Admitted) identity.admit(evidence);
    assertThat(admitted.caller().principal().nativeName()).isEqualTo(World.WEB);
    assertThat(admitted.caller().forwardedBy()).isEmpty();
    assertThat(event(admitted).proof().ignored()).hasSize(1);
  }

  @Test
  void aHeaderFromNobodyIsNamedInTheRefusal() throws Exception {
    Refused refused =
        refused(
            ForwardedRequests.from("10.1.0.66", XFCC, GOOD), RefusalReason.NO_CREDENTIALS.name());
    assertThat(refused.explanation()).contains("ignored x-forwarded-client-cert from 10.1.0.66");
    assertThat(refused.publicReason()).doesNotContain("forwarded");
    assertThat(event(refused).proof().ignored()).hasSize(1);
  }

  private Refused refused(CallerEvidence evidence, String reason) {
    AccessDecision decision = identity.admit(evidence);
    assertThat(decision).isInstanceOf(Refused.class);
    assertThat(((Refused) decision).reason().name()).as(decision.explanation()).isEqualTo(reason);
    return (Refused) decision;
  }

  private AccessEvent event(AccessDecision decision) throws InterruptedException {
    return sink.await(one -> one.heading().id().equals(decision.id()), Duration.ofSeconds(60))
        .orElseThrow();
  }
}
