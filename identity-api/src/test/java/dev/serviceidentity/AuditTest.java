// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.fakes.GatedSink;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.Requests;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The audit")
@Timeout(180)
class AuditTest {
  /** How many undelivered decisions of one principal are kept. */
  private static final int SHARE = 512;

  private static final String BATCH = "kerberos:HTTP/web.shop@OTHER.EXAMPLE";
  private final GatedSink sink = new GatedSink();
  private final House house = House.with(it -> it.audit(sink));
  private final House strict = House.with(it -> it.audit(sink).auditRequired());

  @AfterEach
  void close() {
    sink.open();
    house.close();
    strict.close();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void isDownWhileItsSinkFailsAndUpAgainAfter(Supplier<Throwable> failure) {
    sink.open();
    sink.failWith(failure);
    house.admits(by(WEB_BY_KERBEROS));
    await(() -> part(house).status() == Status.DOWN);
    assertThat(part(house).detail()).contains("disk full", "lost since the start");
    sink.failWith(null);
    house.admits(by(WEB_BY_KERBEROS));
    await(() -> part(house).status() != Status.DOWN);
    assertThat(part(house).status()).isEqualTo(Status.DEGRADED);
    house.clock.advance(Duration.ofMinutes(5));
    assertThat(part(house).status()).isEqualTo(Status.UP);
    assertThat(part(house).detail()).contains("lost since the start");
  }

  static List<Supplier<Throwable>> failures() {
    return List.of(
        () -> new IllegalStateException("disk full"),
        () -> new AssertionError("disk full"),
        () -> new IOException("disk full"));
  }

  @Test
  void showsAGapWhereEventsWereLost() {
    sink.open();
    house.admits(by(WEB_BY_KERBEROS));
    await(() -> sink.events.size() == 1);
    sink.failWith(() -> new IllegalStateException("disk full"));
    house.admits(by(WEB_BY_KERBEROS));
    await(() -> part(house).status() == Status.DOWN);
    sink.failWith(null);
    house.admits(by(WEB_BY_KERBEROS));
    await(() -> sink.events.size() == 2);
    assertThat(sink.events).extracting(e -> e.heading().sequence()).containsExactly(1L, 3L);
  }

  @Test
  void thatIsRequiredRefusesWhileTheSinkFailsAndRemembersThat() {
    sink.open();
    sink.failWith(() -> new IllegalStateException("disk full"));
    strict.admits(by(WEB_BY_KERBEROS));
    await(() -> part(strict).status() == Status.DOWN);
    Refused refused =
        strict.refuses(by(WEB_BY_KERBEROS), Layer.NETWORK, RefusalReason.AUDIT_UNAVAILABLE);
    assertThat(refused.httpStatus()).isEqualTo(503);
    assertThat(refused.reply()).map(field -> field.name()).containsExactly("X-Reply-kerberos");
    sink.failWith(null);
    Map<String, AccessDecision> decided = new HashMap<>(Map.of(refused.id(), refused));
    AccessDecision last;
    do {
      last = strict.admit(by(WEB_BY_KERBEROS));
      decided.put(last.id(), last);
    } while (last instanceof Refused);
    strict.close();
    // The sink is known to work again by a refusal that it took; each event says what was done.
    assertThat(sink.events.get(0).outcome().reason()).isEqualTo("AUDIT_UNAVAILABLE");
    assertThat(sink.events)
        .allSatisfy(
            event ->
                assertThat(decided.get(event.heading().id()))
                    .isInstanceOf(
                        event.outcome().decision() == Decision.ADMITTED
                            ? Admitted.class
                            : Refused.class));
  }

  @Test
  void thatIsRequiredRefusesAPrincipalWhoseShareOfTheQueueIsFullAndNobodyElse() throws Exception {
    fill(strict);
    Refused refused =
        strict.refuses(by(WEB_BY_KERBEROS), Layer.NETWORK, RefusalReason.AUDIT_UNAVAILABLE);
    strict.admits(by(BATCH));
    sink.open();
    strict.close();
    assertThat(sink.events).extracting(e -> e.heading().id()).doesNotContain(refused.id());
    assertThat(sink.events).hasSize(SHARE + 2);
  }

  @Test
  void thatIsNotRequiredLosesAndCountsWhatDoesNotFitTheShareOfAPrincipal() throws Exception {
    fill(house);
    house.admits(by(WEB_BY_KERBEROS));
    house.admits(by(BATCH));
    assertThat(part(house).status()).isEqualTo(Status.DEGRADED);
    assertThat(part(house).detail()).contains("1 lost since the start");
    sink.open();
    house.close();
    assertThat(sink.events).hasSize(SHARE + 2);
    assertThat(sink.events.get(SHARE + 1).heading().sequence()).isEqualTo(SHARE + 3);
  }

  @Test
  void staysOpenToAllowedCallersWhileOthersWhoAreAuthenticatedFloodIt() throws Exception {
    try (House few =
        House.with(
            it ->
                it.audit(sink).auditRequired().allow(AllowedCallers.principals(WEB_BY_KERBEROS)))) {
      few.admits(by(WEB_BY_KERBEROS));
      sink.awaitEvent();
      for (int i = 0; i < 20_000; i++) {
        few.refuses(
            by("kerberos:stranger" + i % 20 + "@OTHER.EXAMPLE"),
            Layer.CALLER,
            RefusalReason.NOT_ALLOWED);
      }
      few.admits(by(WEB_BY_KERBEROS));
      sink.open();
    }
  }

  @Test
  void losesNoDecisionAboutAKnownCallerToAFloodOfUnknownOnes() throws Exception {
    house.admits(by(WEB_BY_KERBEROS));
    sink.awaitEvent();
    for (int i = 0; i < 20_000; i++) {
      house.admit(Requests.from("10." + i % 7 + "." + i % 255 + "." + i / 255));
    }
    for (int i = 0; i < 100; i++) {
      house.admits(by(WEB_BY_KERBEROS));
    }
    assertThat(part(house).detail()).contains("lost since the start");
    sink.open();
    house.close();
    List<AccessEvent> known =
        sink.events.stream().filter(event -> !event.proof().principals().isEmpty()).toList();
    assertThat(known).hasSize(101);
    assertThat(sink.events.subList(1, 101)).isEqualTo(known.subList(1, 101));
    assertThat(sink.events.size()).isLessThan(101 + 2 * 1024 + 1);
  }

  @Test
  void thatIsRequiredIsNotMadeToRefuseByAFloodOfUnknownCallers() throws Exception {
    strict.admits(by(WEB_BY_KERBEROS));
    sink.awaitEvent();
    for (int i = 0; i < 5_000; i++) {
      strict.admit(Requests.from("10.0." + i % 255 + "." + i / 255));
    }
    strict.admits(by(WEB_BY_KERBEROS));
  }

  @Test
  void takesNoEventForWrittenThatComesAfterClosing() throws Exception {
    sink.open();
    var answer = new CompletableFuture<Verification>();
    CallerEvidence evidence = by(WEB_BY_KERBEROS);
    strict.kerberos.judging(given -> answer);
    CompletableFuture<AccessDecision> stage =
        strict.identity().admitAsync(evidence).toCompletableFuture();
    strict.close();
    strict.kerberos.believe(evidence).thenAccept(answer::complete);
    assertThat(stage.get(60, TimeUnit.SECONDS)).isInstanceOf(Refused.class);
  }

  /** Fills the share of one principal while the sink holds an event. */
  private void fill(House which) throws InterruptedException {
    which.admits(by(WEB_BY_KERBEROS));
    sink.awaitEvent();
    for (int i = 0; i < SHARE; i++) {
      which.admits(by(WEB_BY_KERBEROS));
    }
  }

  private static Health.Part part(House house) {
    return house.identity().health().parts().stream()
        .filter(part -> part.name().equals("audit"))
        .findFirst()
        .orElseThrow();
  }

  /** Lets other threads go on until the condition holds; the test's timeout ends it otherwise. */
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("has waited too long").isFalse();
      Thread.yield();
    }
  }
}
