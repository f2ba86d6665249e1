// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.House.refused;
import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.by;
import static dev.serviceidentity.fakes.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.fakes.FakeNetwork;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.Requests;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Waiting for an answer from elsewhere")
@Timeout(180)
class WaitingTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private final CompletableFuture<Verification> answer = new CompletableFuture<>();

  @Test
  void endsWithTheAdmissionTimeout() throws Exception {
    try (House house = House.with(it -> it.admissionTimeout(SHORT))) {
      house.kerberos.judging(evidence -> answer);
      Refused refused =
          house.refuses(by(WEB_BY_KERBEROS), Layer.IDENTITY, RefusalReason.UNAVAILABLE);
      assertThat(refused.httpStatus()).isEqualTo(503);
      assertThat(refused.explanation()).contains("kerberos did not answer in time");
      assertThat(house.event(refused).heading().duration())
          .isBetween(SHORT, Duration.ofSeconds(30));
    }
  }

  @Test
  void endsWithTheAdmissionTimeoutInVerifyAsWell() {
    try (House house = House.with(it -> it.admissionTimeout(SHORT))) {
      house.kerberos.judging(evidence -> answer);
      assertThat(house.identity().verify(by(WEB_BY_KERBEROS)))
          .isInstanceOfSatisfying(
              Verification.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(RefusalReason.UNAVAILABLE));
    }
  }

  @Test
  void endsWithTheAdmissionTimeoutForALookUpAsWell() {
    try (House house = House.with(it -> it.admissionTimeout(SHORT))) {
      house.network.resolving(() -> new Resolution.Unknown("not seen yet"));
      house.network.lookingUp(CompletableFuture::new);
      Refused refused =
          house.refuses(by(WEB_BY_KERBEROS), Layer.BINDING, RefusalReason.UNAVAILABLE);
      assertThat(refused.reply()).isNotEmpty();
    }
  }

  @Test
  void changesNothingAnyMoreOnceItHasEnded() {
    try (House house = House.with(it -> it.admissionTimeout(SHORT))) {
      house.kerberos.judging(evidence -> answer);
      house.refuses(by(WEB_BY_KERBEROS), Layer.IDENTITY, RefusalReason.UNAVAILABLE);
      house.kerberos.believe(by(WEB_BY_KERBEROS)).thenAccept(answer::complete);
      assertThat(house.closedEvents()).hasSize(1);
    }
  }

  @Test
  void isNotDoneByAdmitAsync() throws Exception {
    try (House house = House.standing()) {
      house.kerberos.judging(evidence -> answer);
      CompletableFuture<AccessDecision> stage = admitAsync(house, by(WEB_BY_KERBEROS));
      assertThat(stage).isNotDone();
      house.kerberos.believe(by(WEB_BY_KERBEROS)).thenAccept(answer::complete);
      assertThat(stage.get(60, TimeUnit.SECONDS)).isInstanceOf(Admitted.class);
    }
  }

  @Test
  void isNotNeededForAnAnswerThatIsThereAlready() {
    try (House house = House.standing()) {
      assertThat(admitAsync(house, by(WEB_BY_KERBEROS))).isCompleted();
    }
  }

  @Test
  void isOfThirtyTwoRequestsOfOneAddressAtMostAndKeepsOutNobodyElse() throws Exception {
    try (House house = House.standing()) {
      house.kerberos.judging(evidence -> answer);
      List<CompletableFuture<AccessDecision>> flood =
          IntStream.range(0, 100)
              .mapToObj(i -> admitAsync(house, with(Requests.from("10.1.0.66"), WEB_BY_KERBEROS)))
              .toList();
      CompletableFuture<AccessDecision> other = admitAsync(house, by(WEB_BY_KERBEROS));
      assertThat(flood.stream().filter(stage -> !stage.isDone())).hasSize(32);
      assertThat(other).isNotDone();
      refused(flood.get(99).get(), Layer.IDENTITY, RefusalReason.OVERLOADED);
      house.kerberos.believe(by(WEB_BY_KERBEROS)).thenAccept(answer::complete);
      assertThat(other.get(60, TimeUnit.SECONDS)).isInstanceOf(Admitted.class);
    }
  }

  @Test
  void leavesRoomForTheNextOnesWhenItEnds() throws Exception {
    try (House house = House.standing()) {
      for (int round = 0; round < 3; round++) {
        var late = new CompletableFuture<Verification>();
        house.kerberos.judging(evidence -> late);
        List<CompletableFuture<AccessDecision>> waiting = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          waiting.add(admitAsync(house, by(WEB_BY_KERBEROS)));
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        house.kerberos.believe(by(WEB_BY_KERBEROS)).thenAccept(late::complete);
        for (CompletableFuture<AccessDecision> stage : waiting) {
          assertThat(stage.get(60, TimeUnit.SECONDS)).isInstanceOf(Admitted.class);
        }
      }
    }
  }

  @Test
  void endsWhenTheIdentityIsClosed() throws Exception {
    try (House house = House.standing()) {
      house.kerberos.judging(evidence -> answer);
      CompletableFuture<AccessDecision> stage = admitAsync(house, by(WEB_BY_KERBEROS));
      CompletableFuture<AccessDecision> blocked =
          CompletableFuture.supplyAsync(
              () -> house.admit(with(Requests.from("10.1.0.6"), WEB_BY_KERBEROS)));
      house.close();
      Refused refused =
          refused(stage.get(60, TimeUnit.SECONDS), Layer.IDENTITY, RefusalReason.CLOSED);
      house.event(refused);
      refused(blocked.get(60, TimeUnit.SECONDS), Layer.IDENTITY, RefusalReason.CLOSED);
    }
  }

  @Test
  void endsAtOnceIfNobodyIsLeftToEndItLater() {
    try (House house = House.standing()) {
      house.identity();
      house.kerberos.judging(evidence -> answer).runtime().scheduler().shutdownNow();
      house.refuses(by(WEB_BY_KERBEROS), Layer.IDENTITY, RefusalReason.CLOSED);
    }
  }

  @Test
  void endsInTimeAlsoWhileSomebodyBlocksInWhatHeAttached() throws Exception {
    var attached = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    try (House house = House.with(it -> it.admissionTimeout(SHORT))) {
      house.kerberos.judging(evidence -> answer);
      house.identity();
      // On a thread of its own: if the wait is over before, attaching blocks whoever attaches.
      var other =
          new Thread(
              () ->
                  house
                      .identity()
                      .admitAsync(by(WEB_BY_KERBEROS))
                      .thenAccept(
                          decision -> {
                            attached.countDown();
                            awaitQuietly(never);
                          }),
              "attaching");
      other.setDaemon(true);
      other.start();
      assertThat(attached.await(60, TimeUnit.SECONDS)).isTrue();
      house.refuses(by(WEB_BY_KERBEROS), Layer.IDENTITY, RefusalReason.UNAVAILABLE);
    } finally {
      never.countDown();
    }
  }

  @Test
  void isSharedByTwoMechanismsThatAnswerOneAfterTheOther() throws Exception {
    try (House house = House.standing()) {
      var later = new CompletableFuture<Verification>();
      house.kerberos.judging(evidence -> answer);
      house.mtls.judging(evidence -> later);
      CallerEvidence both = by(WEB_BY_KERBEROS, "mtls:spiffe://shop.example/ns/shop/sa/web");
      CompletableFuture<AccessDecision> stage = admitAsync(house, both);
      house.mtls.believe(both).thenAccept(later::complete);
      assertThat(stage).isNotDone();
      house.kerberos.believe(both).thenAccept(answer::complete);
      assertThat(stage.get(60, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Admitted.class,
              admitted -> {
                assertThat(admitted.callers()).hasSize(2);
                assertThat(admitted.workload()).contains(FakeNetwork.WEB);
              });
    }
  }

  private static CompletableFuture<AccessDecision> admitAsync(
      House house, CallerEvidence evidence) {
    return house.identity().admitAsync(evidence).toCompletableFuture();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
