// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.anonymous;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.LogRecords;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log")
class LogTest {
  private final IllegalStateException failure =
      new IllegalStateException("disk full " + UUID.randomUUID());

  @Test
  void warnsOnceOfASinkThatFails() {
    try (LogRecords records = thrown("dev.serviceidentity.guard.AuditTrail");
        House house =
            House.with(
                it ->
                    it.audit(
                        event -> {
                          throw failure;
                        }))) {
      for (int i = 0; i < 10; i++) {
        house.admit(by(WEB_BY_KERBEROS));
      }
      house.close();
      assertThat(records.levels()).containsExactly(Level.WARNING);
    }
  }

  @Test
  void warnsOnceAMinuteOfAVerifierThatFails() {
    try (LogRecords records = thrown("dev.serviceidentity.guard.Guard");
        House house = House.standing()) {
      house.kerberos.judging(
          evidence -> {
            throw failure;
          });
      for (int i = 0; i < 3; i++) {
        house.admit(by(WEB_BY_KERBEROS));
      }
      house.clock.advance(Duration.ofMinutes(1));
      house.admit(by(WEB_BY_KERBEROS));
      assertThat(records.levels())
          .containsExactly(Level.WARNING, Level.FINE, Level.FINE, Level.WARNING);
    }
  }

  @Test
  void warnsOfALayerThatFailsAndOfAVerificationThatDoes() {
    try (LogRecords records = thrown("dev.serviceidentity.guard.Guard");
        House house = House.standing()) {
      house.network.checking(
          flow -> {
            throw failure;
          });
      house.admit(by(WEB_BY_KERBEROS));
      assertThat(records.levels()).containsExactly(Level.WARNING);
      house.kerberos.claiming(
          evidence -> {
            throw failure;
          });
      house.identity().verify(by(WEB_BY_KERBEROS));
      assertThat(records.levels()).containsExactly(Level.WARNING, Level.WARNING);
    }
  }

  @Test
  void warnsOfALayerThatReportsOnlyWhenTheIdentityIsOpened() {
    Instant until = SetClock.START.plusNanos(System.nanoTime());
    try (LogRecords records =
            LogRecords.of(
                "dev.serviceidentity.ServiceIdentity",
                logged -> Arrays.toString(logged.getParameters()).contains(until.toString()));
        House house =
            House.with(it -> it.enforcement(Enforcement.reportOnly(Layer.NETWORK, until)))) {
      house.identity();
      assertThat(records.levels()).containsExactly(Level.WARNING);
    }
  }

  @Test
  void hasRefusalsAndReportsAtInfoAndOtherAdmissionsAtDebug() {
    assertThat(level(house -> house.admits(by(WEB_BY_KERBEROS)))).isEqualTo(Level.FINE);
    assertThat(level(house -> house.admit(anonymous()))).isEqualTo(Level.INFO);
    assertThat(
            level(
                house -> {
                  house.network.checking(flow -> house.network.decision(Verdict.DENIED));
                  return house.admits(by(WEB_BY_KERBEROS));
                }))
        .isEqualTo(Level.INFO);
  }

  private static Level level(Function<House, AccessDecision> request) {
    Map<String, Level> logged = new ConcurrentHashMap<>();
    Enforcement reporting = Enforcement.reportOnly(Layer.NETWORK, SetClock.START.plusSeconds(60));
    try (LogRecords records =
            LogRecords.of(
                "dev.serviceidentity.audit",
                line -> logged.put(line.getMessage(), line.getLevel()) == null);
        House house = House.with(it -> it.audit(AuditSink.systemLogger()).enforcement(reporting))) {
      String id = request.apply(house).id();
      house.close();
      assertThat(records.levels()).isNotEmpty();
      String mine = logged.keySet().stream().filter(it -> it.contains(id)).findAny().orElseThrow();
      return logged.get(mine);
    }
  }

  private LogRecords thrown(String logger) {
    return LogRecords.of(
        logger,
        logged -> {
          Throwable thrown = logged.getThrown();
          while (thrown != null && !thrown.equals(failure)) {
            thrown = thrown.getCause();
          }
          return thrown != null;
        });
  }
}
