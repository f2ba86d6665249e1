// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.FakeNetwork.pod;
import static dev.serviceidentity.fakes.Requests.ALICE;
import static dev.serviceidentity.fakes.Requests.BATCH_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.anonymous;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A caller that somebody else speaks for")
class ForwardedBindingTest {
  private static final String GATEWAY = "mtls:spiffe://shop.example/ns/edge/sa/gateway";
  private static final Workload GATEWAY_POD = pod("edge/gateway", "gateway-1");
  private static final Workload OTHER_WEB = pod("shop/web", "web-2");
  private static final Forwarder PROXY =
      new Forwarder.Proxy(Caller.of(PrincipalId.parse(GATEWAY), SetClock.START, Instant.MAX));
  private static final Forwarder SIDECAR = new Forwarder.Sidecar(InetAddress.getLoopbackAddress());

  private final House house = House.standing();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void isAdmittedWhenTheProxyIsInItsOwnPod() throws Exception {
    forwardedBy(PROXY);
    house.network.resolving(() -> new Resolution.One(GATEWAY_POD));
    house.network.checking(flow -> decision(flow.from().equals(FlowEnd.of(GATEWAY_POD))));

    Admitted admitted = house.admits(by(WEB_BY_MTLS));

    assertThat(admitted.workload()).as("the pod behind the address is the proxy's").isEmpty();
    AccessEvent event = house.event(admitted);
    assertThat(event.source().forwardedBy()).isEqualTo(GATEWAY);
    assertThat(event.source().basis()).isEqualTo("SOCKET");
    assertThat(event.proof().principals()).map(PrincipalId::toString).containsExactly(WEB_BY_MTLS);
  }

  @Test
  void isRefusedWhenTheProxysCredentialComesFromAnotherPod() {
    forwardedBy(PROXY);
    house.network.resolving(() -> new Resolution.One(pod("shop/batch", "batch-1")));
    Refused refused = refuses(Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
    assertThat(refused.explanation()).contains("edge/gateway", "shop/batch-1");
  }

  @Test
  void isRefusedEvenFromItsOwnPodWhenAProxyIsSaidToSpeakForIt() {
    forwardedBy(PROXY);
    refuses(Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
  }

  @Test
  void isRefusedWhenTheProxyStandsForNoWorkloadUnlessThatIsNamed() {
    Forwarder outside =
        new Forwarder.Proxy(Caller.of(PrincipalId.parse(ALICE), SetClock.START, Instant.MAX));
    forwardedBy(outside);
    house.network.resolving(Resolution.External::new);
    refuses(Layer.BINDING, RefusalReason.UNBOUND_PRINCIPAL);
    try (House open = House.with(it -> it.admitUnbound(AllowedCallers.principals(ALICE)))) {
      open.mtls.judging(evidence -> believed(open, evidence, outside));
      open.network.resolving(Resolution.External::new);
      open.admits(by(WEB_BY_MTLS));
    }
  }

  @Test
  void isJudgedByThePodsOfItsWorkloadWhereTheAddressIsHidden() throws Exception {
    forwardedBy(SIDECAR);
    hidden();
    Admitted admitted = house.admits(by(WEB_BY_MTLS));
    AccessEvent event = house.event(admitted);
    assertThat(event.source().forwardedBy()).startsWith("sidecar ");
    assertThat(event.source().basis()).isEqualTo("FORWARDED");
    assertThat(event.source().workloads()).containsExactly(FakeNetwork.WEB);
    assertThat(admitted.workload()).isEmpty();
  }

  @Test
  void isRefusedWhenTheProxysAddressIsHiddenUnlessTheProxyIsNamed() {
    forwardedBy(PROXY);
    hidden();
    refuses(Layer.BINDING, RefusalReason.SOURCE_HIDDEN);
    try (House named = House.with(it -> it.admitUnbound(AllowedCallers.principals(GATEWAY)))) {
      named.mtls.judging(evidence -> believed(named, evidence, PROXY));
      named.network.resolving(() -> new Resolution.Hidden("the address of a node"));
      named.admits(by(WEB_BY_MTLS));
    }
  }

  @Test
  void isRefusedIfThePoliciesDenyOneOfThePodsThatItMayBe() {
    forwardedBy(SIDECAR);
    hidden();
    house.network.running(account -> List.of(FakeNetwork.WEB, OTHER_WEB));
    house.network.checking(flow -> decision(!flow.from().equals(FlowEnd.of(OTHER_WEB))));
    refuses(Layer.NETWORK, RefusalReason.POLICY_UNDECIDABLE);
  }

  @Test
  void isRefusedWhereTheAddressIsHiddenAndNoPodOfItsWorkloadIsKnown() {
    forwardedBy(SIDECAR);
    hidden();
    house.network.running(account -> List.of());
    refuses(Layer.BINDING, RefusalReason.SOURCE_UNKNOWN);
  }

  @Test
  void isNotJudgedByAHiddenAddressEvenIfTheBindingOnlyReports() {
    var reporting = Enforcement.reportOnly(Layer.BINDING, SetClock.START.plusSeconds(60));
    try (House lenient = House.with(it -> it.enforcement(reporting))) {
      lenient.mtls.judging(evidence -> believed(lenient, evidence, SIDECAR));
      lenient.network.resolving(() -> new Resolution.Hidden("a loopback address"));
      lenient.network.running(account -> List.of());
      lenient.refuses(by(WEB_BY_MTLS), Layer.NETWORK, RefusalReason.POLICY_UNDECIDABLE);
    }
  }

  @Test
  void isRefusedWhereTheAddressIsHiddenAndItStandsForNoWorkload() {
    forwardedBy(SIDECAR);
    hidden();
    house.refuses(by("mtls:spiffe://shop.example/x"), Layer.BINDING, RefusalReason.SOURCE_HIDDEN);
  }

  @Test
  void isRefusedThroughASidecarOfAnAddressThatIsAnotherPods() {
    forwardedBy(SIDECAR);
    house.network.resolving(() -> new Resolution.One(GATEWAY_POD));
    refuses(Layer.BINDING, RefusalReason.WRONG_WORKLOAD);
  }

  @Test
  void mustItselfBeAllowedToCallAndTheProxyNeedNot() {
    try (House few = House.with(it -> it.allow(AllowedCallers.serviceAccounts("shop/web")))) {
      few.mtls.judging(evidence -> believed(few, evidence, PROXY));
      few.network.resolving(() -> new Resolution.One(GATEWAY_POD));
      few.admits(by(WEB_BY_MTLS));
      few.refuses(by(BATCH_BY_MTLS), Layer.CALLER, RefusalReason.NOT_ALLOWED);
    }
  }

  @Test
  void isToldOfWhenItIsNotBelieved() throws Exception {
    String note = "X-Claim from nobody";
    house.mtls.verifyingBy(() -> ignoring(note));
    Refused refused = house.refuses(anonymous(), Layer.IDENTITY, RefusalReason.NO_CREDENTIALS);
    assertThat(refused.explanation()).contains(note);
    assertThat(house.event(refused).proof().ignored()).containsExactly(note);
  }

  @Test
  void isToldOfAlsoIfTheRequestIsAdmittedForAnotherProof() throws Exception {
    house.mtls.verifyingBy(() -> ignoring("X-Claim"));
    Admitted admitted = house.admits(by("kerberos:HTTP/web.shop@SHOP.EXAMPLE"));
    assertThat(house.event(admitted).proof().ignored()).containsExactly("X-Claim");
  }

  private static CallerVerifier ignoring(String note) {
    return new CallerVerifier() {
      @Override
      public Verification verify(CallerEvidence evidence) {
        throw new AssertionError("not claimed");
      }

      @Override
      public boolean claims(CallerEvidence evidence) {
        return false;
      }

      @Override
      public List<String> ignored(CallerEvidence evidence) {
        return List.of(note);
      }
    };
  }

  private void hidden() {
    house.network.resolving(() -> new Resolution.Hidden("a loopback address"));
  }

  private PolicyDecision decision(boolean allowed) {
    return house.network.decision(allowed ? Verdict.ALLOWED : Verdict.DENIED);
  }

  private void forwardedBy(Forwarder forwarder) {
    house.mtls.judging(evidence -> believed(house, evidence, forwarder));
  }

  private static CompletableFuture<Verification> believed(
      House house, CallerEvidence evidence, Forwarder forwarder) {
    return house
        .mtls
        .believe(evidence)
        .<Verification>thenApply(
            one -> Verification.verified(one.orElseThrow().forwardedBy(forwarder)))
        .toCompletableFuture();
  }

  private Refused refuses(Layer layer, RefusalReason reason) {
    return house.refuses(by(WEB_BY_MTLS), layer, reason);
  }
}
