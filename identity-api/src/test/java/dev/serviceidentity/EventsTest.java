// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.anonymous;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.AccessEvent.Outcome;
import dev.serviceidentity.audit.AccessEvent.Trace;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.FakeReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.Requests;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.ViewStamp;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import dev.serviceidentity.spi.RefusedHandshake;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of every decision there is one event that")
class EventsTest {
  private final House house = House.standing();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void tellsAllThatAnAdmissionWasMadeFrom() throws Exception {
    house.clock.advance(Duration.ofSeconds(7));
    house.network.stamped(() -> new ViewStamp("v7", 7, SetClock.START));
    AccessEvent event = house.event(house.admits(traced(by(WEB_BY_KERBEROS, WEB_BY_MTLS))));
    assertThat(event.heading().sequence()).isEqualTo(1);
    assertThat(event.heading().time()).isEqualTo(SetClock.START.plusSeconds(7));
    assertThat(event.heading().duration()).isPositive();
    assertThat(event.heading().occurrences()).isEqualTo(1);
    assertThat(event.own().principals())
        .map(PrincipalId::toString)
        .containsExactly(
            "kerberos:orders@SHOP.EXAMPLE", "mtls:spiffe://shop.example/ns/shop/sa/orders");
    assertThat(event.own().pod()).isEqualTo("shop/orders-1");
    assertThat(event.own().identityGeneration()).isEqualTo(6);
    assertThat(event.outcome()).isEqualTo(new Outcome(Decision.ADMITTED, true, null, null, ""));
    assertThat(event.proof().mechanisms())
        .containsExactly(MechanismName.KERBEROS, MechanismName.MTLS);
    assertThat(event.proof().principals())
        .map(PrincipalId::toString)
        .containsExactly(WEB_BY_KERBEROS, WEB_BY_MTLS);
    assertThat(event.proof().fingerprints()).containsExactly("sha256:kerberos", "sha256:mtls");
    assertThat(event.source().socket()).isEqualTo("10.1.0.5");
    assertThat(event.source().effective()).isEqualTo("10.1.0.5");
    assertThat(event.source().basis()).isEqualTo("SOCKET");
    assertThat(event.source().workloads()).containsExactly(FakeNetwork.WEB);
    assertThat(event.ruling().rules()).containsExactly("shop/orders-ingress ingress[0].from[1]");
    assertThat(event.ruling().viewVersion()).isEqualTo("v7");
    assertThat(event.ruling().viewGeneration()).isEqualTo(7);
    assertThat(event.ruling().viewAge()).isEqualTo(Duration.ofSeconds(7));
    assertThat(event.request().local()).isEqualTo("10.1.0.9:8080");
    assertThat(event.request().method()).isEqualTo("GET");
    assertThat(event.request().path()).isEqualTo("/orders");
    assertThat(event.request().trace())
        .isEqualTo(new Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"));
  }

  @Test
  void tellsWhyWhoProvesNothingIsRefused() throws Exception {
    Outcome outcome = refusal(anonymous(), Layer.IDENTITY, "NO_CREDENTIALS");
    assertThat(outcome.detail()).contains("kerberos", "mtls");
  }

  @Test
  void tellsWhyAWrongProofIsRefused() throws Exception {
    Outcome outcome = refusal(by("mtls:wrong"), Layer.IDENTITY, "WRONG_PROOF");
    assertThat(outcome.detail()).isEqualTo("mtls:wrong");
  }

  @Test
  void tellsWhyACallerIsRefusedWhoIsNotAllowed() throws Exception {
    try (House nobody = House.with(it -> it.allow(AllowedCallers.nobody()))) {
      AccessEvent event = nobody.event(nobody.admit(by(WEB_BY_MTLS)));
      assertThat(event.outcome().layer()).isEqualTo(Layer.CALLER);
      assertThat(event.outcome().reason()).isEqualTo("NOT_ALLOWED");
      assertThat(event.source().workloads()).isEmpty();
      assertThat(event.ruling().viewVersion()).isNull();
    }
  }

  @Test
  void tellsWhichPodUsedTheCredentialOfAnotherWorkload() throws Exception {
    var thief = FakeNetwork.pod("shop/batch", "batch-1");
    house.network.resolving(() -> new Resolution.One(thief));
    AccessEvent event = house.event(house.admit(by(WEB_BY_MTLS)));
    assertThat(event.outcome().reason()).isEqualTo("WRONG_WORKLOAD");
    assertThat(event.source().workloads()).containsExactly(thief);
  }

  @Test
  void tellsWhichRulesDenyAPath() throws Exception {
    house.network.checking(flow -> house.network.decision(Verdict.DENIED));
    AccessEvent event = house.event(house.admit(by(WEB_BY_MTLS)));
    assertThat(event.outcome().reason()).isEqualTo("POLICY_DENIES");
    assertThat(event.ruling().rules()).isNotEmpty();
  }

  @Test
  void tellsOfARefusedHandshake() throws Exception {
    house.identity();
    var address = InetAddress.getByName("10.1.0.66");
    house
        .mtls
        .runtime()
        .handshakes()
        .accept(
            new RefusedHandshake(
                MechanismName.MTLS, FakeReason.WRONG_PROOF, "expired", address, "sha256:ab"));
    AccessEvent event = house.sink.await(one -> true, Duration.ofSeconds(60)).orElseThrow();
    assertThat(event.outcome().layer()).isEqualTo(Layer.IDENTITY);
    assertThat(event.outcome().reason()).isEqualTo("WRONG_PROOF");
    assertThat(event.proof().fingerprints()).containsExactly("sha256:ab");
    assertThat(event.proof().mechanisms()).containsExactly(MechanismName.MTLS);
    assertThat(event.source().socket()).isEqualTo("10.1.0.66");
    assertThat(event.source().basis()).isEqualTo("SOCKET");
    assertThat(event.own().pod()).isEqualTo("shop/orders-1");
  }

  @Test
  void takesARefusedHandshakeOfWhichLittleIsKnownAndNeverFailsItsTrustManager() {
    house.identity();
    house.kerberos.being(
        () -> {
          throw new IllegalStateException("closed");
        });
    var refused =
        new RefusedHandshake(MechanismName.MTLS, FakeReason.WRONG_PROOF, "expired", null, null);
    house.mtls.runtime().handshakes().accept(refused);
    assertThat(house.closedEvents()).hasSize(1);
    house.mtls.runtime().handshakes().accept(refused);
  }

  @Test
  void isNumberedInTheOrderOfWritingWithoutGaps() {
    for (int i = 0; i < 50; i++) {
      house.admit(by(WEB_BY_MTLS));
      house.admit(anonymous());
    }
    List<Long> numbers =
        house.closedEvents().stream().map(event -> event.heading().sequence()).toList();
    assertThat(numbers).hasSize(52).isSorted().startsWith(1L).endsWith(52L).doesNotHaveDuplicates();
  }

  @Test
  void countsEqualRefusalsOfOneSourceAndSecondTogether() {
    AccessDecision first = house.admit(anonymous());
    for (int i = 0; i < 99; i++) {
      house.admit(anonymous());
    }
    house.admit(by("kerberos:wrong"));
    house.admit(Requests.from("10.1.0.6"));
    house.clock.advance(Duration.ofSeconds(1));
    house.admit(anonymous());
    List<AccessEvent> events = house.closedEvents();
    assertThat(events)
        .extracting(event -> event.heading().occurrences())
        .containsExactlyInAnyOrder(1L, 99L, 1L, 1L, 1L);
    AccessEvent counted =
        events.stream()
            .filter(event -> event.heading().occurrences() > 1)
            .findFirst()
            .orElseThrow();
    assertThat(counted.heading().id()).isEqualTo(first.id());
    assertThat(counted.outcome().reason()).isEqualTo("NO_CREDENTIALS");
  }

  @Test
  void namesEachOfSeveralStrangersWhoCallFromOneAddressInOneSecond() {
    String bob = "kerberos:bob@SHOP.EXAMPLE";
    String eve = "kerberos:eve@SHOP.EXAMPLE";
    try (House few = House.with(it -> it.allow(AllowedCallers.nobody()).audit(house.sink))) {
      for (String stranger : List.of(bob, eve, bob, eve, eve)) {
        few.admit(by(stranger));
      }
    }
    assertThat(house.sink.events())
        .extracting(event -> event.proof().principals() + " " + event.heading().occurrences())
        .containsExactlyInAnyOrder(
            "[" + bob + "] 1", "[" + eve + "] 1", "[" + bob + "] 1", "[" + eve + "] 2");
  }

  @Test
  void isNeverCountedTogetherWithAnotherOfAKnownCaller() {
    house.network.checking(flow -> house.network.decision(Verdict.DENIED));
    for (int i = 0; i < 10; i++) {
      house.admit(by(WEB_BY_MTLS));
    }
    assertThat(house.closedEvents()).hasSize(10).allMatch(e -> e.heading().occurrences() == 1);
  }

  @Test
  void isWrittenBeforeClosingEnds() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(house.admit(by(WEB_BY_MTLS)).id());
    }
    assertThat(house.closedEvents()).extracting(event -> event.heading().id()).isEqualTo(ids);
  }

  @Test
  void writesAddressesOfIpv6InBrackets() throws Exception {
    CallerEvidence evidence =
        CallerEvidence.of(
            new InetSocketAddress("2001:db8::5", 40000), new InetSocketAddress("::1", 8080));
    AccessEvent event = house.event(house.admits(Requests.with(evidence, WEB_BY_MTLS)));
    assertThat(event.request().local()).isEqualTo("[0:0:0:0:0:0:0:1]:8080");
    assertThat(event.source().socket()).isEqualTo("2001:db8:0:0:0:0:0:5");
  }

  @Test
  void keepsHostileTextOfBoundedLengthOnly() throws Exception {
    String path = "/" + "x".repeat(1_000_000);
    AccessEvent event = house.event(house.admits(by(WEB_BY_MTLS).request("GET", path)));
    assertThat(event.request().path()).hasSize(2048);
  }

  private Outcome refusal(CallerEvidence evidence, Layer layer, String reason) throws Exception {
    Outcome outcome = house.event(house.admit(evidence)).outcome();
    assertThat(outcome.decision()).isEqualTo(Decision.REFUSED);
    assertThat(outcome.enforced()).isTrue();
    assertThat(outcome.layer()).isEqualTo(layer);
    assertThat(outcome.reason()).isEqualTo(reason);
    return outcome;
  }

  private static CallerEvidence traced(CallerEvidence evidence) {
    return evidence.headers(
        Map.of(
            "X-kerberos", evidence.header("X-kerberos"),
            "X-mtls", evidence.header("X-mtls"),
            "Traceparent", List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
  }
}
