// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static dev.serviceidentity.testkit.TestDecisions.refused;
import static dev.serviceidentity.testkit.assertions.IdentityAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.ServiceIdentityBuilder;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.RequestCredentials.ReplyVerifier;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.PolicyChecker;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spi.NetworkProvider;
import dev.serviceidentity.testkit.cluster.PolicyAssertions;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A recipe for each noun of the API: how an interface is replaced with Mockito, and how a value is
 * made. What Mockito cannot mock, and should not, has a factory. Interfaces with default methods
 * are mocked with {@code CALLS_REAL_METHODS}, because those are a part of what they promise.
 */
@DisplayName("A unit test replaces or makes")
class MockedNounsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(3600);
  private static final PrincipalId ORDERS =
      PrincipalId.parse("spiffe://shop.example/ns/shop/sa/orders");
  private static final Workload WEB_POD =
      new Workload(
          ServiceAccountName.parse("shop/web"),
          new Workload.Pod("web-0", "", ""),
          Map.of("app", "web"),
          Map.of());
  private static final Workload ORDERS_POD =
      new Workload(
          ServiceAccountName.parse("shop/orders"),
          new Workload.Pod("orders-0", "", ""),
          Map.of(),
          Map.of());

  private final TestIdentity web = TestIdentity.of("spiffe://shop.example/ns/shop/sa/web");

  @Test
  void aServiceIdentity() {
    ServiceIdentity identity = mock();
    when(identity.admit(any())).thenReturn(refused(Layer.CALLER, RefusalReason.NOT_ALLOWED, "no"));
    assertThat(given(identity).admit(web.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
  }

  @Test
  void anIdentityMechanism() {
    IdentityMechanism mechanism = mechanism(TestVerifier.trusting("shop.example"));
    when(mechanism.credentialsFor(any())).thenReturn(RequestCredentials.inConnection());
    try (ServiceIdentity identity = guard(mechanism).trustIdentityAlone().open()) {
      assertThat(identity.admit(web.evidence())).isAdmitted();
      assertThat(identity.credentialsFor(Target.of(URI.create("https://stock.shop")))).isNotNull();
      assertThat(identity.identities()).containsExactly(mechanism.current());
    }
  }

  @Test
  void aMechanismProvider() {
    IdentityMechanism mechanism = mechanism(TestVerifier.trusting("shop.example"));
    MechanismProvider provider = mock();
    when(provider.name()).thenReturn(MechanismName.MTLS);
    when(provider.open(any())).thenReturn(mechanism);
    ServiceIdentity.builder()
        .mechanism(provider)
        .trustIdentityAlone()
        .allowAnyAuthenticated()
        .open()
        .close();
    verify(mechanism).close();
  }

  @Test
  void aCallerVerifier() {
    CallerVerifier verifier = mock(CALLS_REAL_METHODS);
    when(verifier.verify(any())).thenReturn(Verification.verified(web.caller()));
    try (ServiceIdentity identity = guard(mechanism(verifier)).trustIdentityAlone().open()) {
      assertThat(identity.admit(web.evidence())).isAdmittedAs(web.toString());
    }
    CallerVerifier lambda =
        evidence -> Verification.rejected(RefusalReason.UNAVAILABLE, "the KDC is down");
    try (ServiceIdentity identity = guard(mechanism(lambda)).trustIdentityAlone().open()) {
      assertThat(identity.admit(web.evidence())).isRefusedFor(RefusalReason.UNAVAILABLE);
    }
  }

  @Test
  void allowedCallers() {
    AllowedCallers callers = mock();
    when(callers.allows(argThat(call -> call.path().equals("/orders/7")))).thenReturn(true);
    IdentityMechanism mechanism = mechanism(TestVerifier.trusting("shop.example"));
    try (ServiceIdentity identity =
        ServiceIdentity.builder().mechanism(mechanism).trustIdentityAlone().allow(callers).open()) {
      assertThat(identity.admit(web.evidence().request("GET", "/orders/7"))).isAdmitted();
      assertThat(identity.admit(web.evidence())).isRefusedFor(RefusalReason.NOT_ALLOWED);
    }
  }

  @Test
  void aPolicyChecker() {
    PolicyChecker checker = mock();
    when(checker.check(any())).thenReturn(decision(Verdict.DENIED, "no rule admits web"));
    PolicyAssertions.assertThat(checker)
        .from("shop/web-0")
        .to("shop/orders-0")
        .onPort(8080)
        .isDenied()
        .explanation()
        .contains("no rule admits web");
  }

  @Test
  void aWorkloadResolver() {
    WorkloadResolver resolver = mock();
    when(resolver.resolve(any(), any())).thenReturn(new Resolution.One(WEB_POD));
    var source = SourceAddress.ofSocket(web.evidence().source().getAddress());
    assertThat(given(resolver).resolve(web.caller(), source))
        .isEqualTo(new Resolution.One(WEB_POD));
  }

  @Test
  void aClusterNetworkAndItsProvider() {
    ClusterNetwork network = mock(CALLS_REAL_METHODS);
    when(network.resolve(any(), any())).thenReturn(new Resolution.One(WEB_POD));
    when(network.stamp()).thenReturn(new ViewStamp("test", 1, Instant.MAX));
    when(network.serviceAccountOf(any())).thenReturn(Optional.of(WEB_POD.serviceAccount()));
    when(network.self()).thenReturn(Optional.of(ORDERS_POD));
    when(network.check(any())).thenReturn(decision(Verdict.DENIED, "no rule admits web"));
    NetworkProvider provider = mock();
    when(provider.open(any())).thenReturn(network);
    IdentityMechanism mechanism = mechanism(TestVerifier.trusting("shop.example"));
    try (ServiceIdentity identity = guard(mechanism).network(provider).open()) {
      assertThat(identity.admit(web.evidence()))
          .isRefusedFor(RefusalReason.POLICY_DENIES)
          .explaining("no rule admits web");
    }
  }

  @Test
  void anAuditSink() {
    AuditSink sink = mock();
    IdentityMechanism mechanism = mechanism(TestVerifier.trusting("shop.example"));
    try (ServiceIdentity identity = guard(mechanism).trustIdentityAlone().audit(sink).open()) {
      AccessDecision decision = identity.admit(web.evidence());
      verify(sink, timeout(5000))
          .accept(argThat(event -> event.heading().id().equals(decision.id())));
    }
  }

  @Test
  void tlsMaterial() throws Exception {
    TlsMaterial material = mock();
    when(material.sslContext()).thenReturn(SSLContext.getDefault());
    var own = FakeMechanism.of(ORDERS).tls(material);
    try (ServiceIdentity identity =
        ServiceIdentity.builder()
            .mechanism(own)
            .trustIdentityAlone()
            .allowAnyAuthenticated()
            .open()) {
      assertThat(identity.tls().sslContext()).isSameAs(SSLContext.getDefault());
    }
  }

  @Test
  void anIdentityListener() {
    IdentityListener listener = mock();
    var own = FakeMechanism.of(ORDERS).open(TestClock.at(NOW));
    try (Subscription until = own.subscribe(listener)) {
      own.rotate();
      verify(listener).onRotated(argThat(snapshot -> snapshot.generation() == 2));
      assertThat(until).isNotNull();
    }
  }

  @Test
  void requestCredentials() {
    ReplyVerifier judge = mock();
    when(judge.verify(200, Map.of())).thenReturn(new Reply.Unauthenticated());
    var credentials =
        RequestCredentials.of(new HeaderField("Authorization", "Negotiate abc"), judge);
    var sent = new HashMap<String, String>();
    credentials.applyTo(sent::put);
    assertThat(sent).containsEntry("Authorization", "Negotiate abc");
    assertThat(credentials.verifyReply(200, Map.of())).isInstanceOf(Reply.Unauthenticated.class);
  }

  @Test
  void aDecision() {
    var refusal = new Refusal(Layer.CALLER, RefusalReason.NOT_ALLOWED, "web may not");
    assertThat(Refused.of("0123456789abcdef01234567", refusal, List.of())).withStatus(403);
    Admitted bound =
        Admitted.of("0123456789abcdef01234567", List.of(web.caller()), WEB_POD, refusal, List.of());
    assertThat(bound).isAdmittedAs(web.toString()).explaining("shop/web-0", "report-only");
  }

  @Test
  void aCallerAndItsEvidence() {
    Caller caller = Caller.of(web.principal(), NOW, LATER).attribute("pod", "web-0");
    assertThat(caller.attributes()).containsEntry("pod", "web-0");
    CallerEvidence evidence = web.from("10.1.0.5").evidence().request("GET", "/orders/7");
    assertThat(evidence.source().getHostString()).isEqualTo("10.1.0.5");
  }

  /** Stands for the code under test, which calls what it is given. */
  private static <T> T given(T replacement) {
    return replacement;
  }

  private static PolicyDecision decision(Verdict verdict, String why) {
    return PolicyDecision.of(
        verdict,
        asked -> new Explanation(why, List.of(), List.of()),
        new ViewStamp("test", 1, Instant.MAX));
  }

  private static ServiceIdentityBuilder guard(IdentityMechanism mechanism) {
    return ServiceIdentity.builder().mechanism(mechanism).allowAnyAuthenticated();
  }

  /** What a guard asks of every mechanism. */
  private static IdentityMechanism mechanism(CallerVerifier callers) {
    IdentityMechanism mechanism = mock();
    when(mechanism.name()).thenReturn(MechanismName.MTLS);
    when(mechanism.current()).thenReturn(new IdentitySnapshot(ORDERS, NOW, LATER, 1));
    when(mechanism.callers()).thenReturn(callers);
    when(mechanism.tls()).thenReturn(Optional.empty());
    when(mechanism.subscribe(any())).thenReturn(() -> {});
    when(mechanism.health())
        .thenReturn(new Health.Part("mtls", Health.Status.UP, ORDERS.toString(), NOW));
    return mechanism;
  }
}
