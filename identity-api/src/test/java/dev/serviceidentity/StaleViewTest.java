// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.WEB_BY_MTLS;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.network.ViewStamp;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A view that is not proven any more")
class StaleViewTest {
  private static final ViewStamp AT_START = new ViewStamp("v7", 7, SetClock.START);
  private static final ViewStamp EVERGREEN = new ViewStamp("v7", 7, Instant.MAX);

  @Test
  void servesForFiveMinutesAfterItBecameStaleUnlessSaidOtherwise() {
    try (House house = House.standing()) {
      house.network.stamped(() -> AT_START);
      house.clock.advance(Duration.ofSeconds(330).minusNanos(1));
      house.admits(by(WEB_BY_MTLS));
      house.clock.advance(Duration.ofNanos(1));
      assertThat(
              house.refuses(by(WEB_BY_MTLS), Layer.BINDING, RefusalReason.VIEW_STALE).httpStatus())
          .isEqualTo(503);
    }
  }

  @Test
  void doesNotServeFromThirtySecondsOnIfItFailsClosed() {
    try (House house = House.with(it -> it.stale(StalePolicy.failClosed()))) {
      house.network.stamped(() -> AT_START);
      house.clock.advance(Duration.ofMillis(29_999));
      house.admits(by(WEB_BY_MTLS));
      house.clock.advance(Duration.ofMillis(1));
      house.refuses(by(WEB_BY_MTLS), Layer.BINDING, RefusalReason.VIEW_STALE);
    }
  }

  @Test
  void doesNotServeTheLayerOfNetworkPoliciesEither() {
    try (House house = House.with(it -> it.stale(StalePolicy.failClosed()))) {
      house.network.stamped(() -> AT_START);
      var decided = house.network.decision(Verdict.ALLOWED);
      house.network.stamped(() -> EVERGREEN).checking(flow -> decided);
      house.clock.advance(Duration.ofMillis(29_999));
      house.admits(by(WEB_BY_MTLS));
      house.clock.advance(Duration.ofMillis(1));
      house.refuses(by(WEB_BY_MTLS), Layer.NETWORK, RefusalReason.VIEW_STALE);
    }
  }

  @Test
  void neverServesBeforeItsFirstProof() {
    try (House house = House.standing()) {
      house.network.stamped(() -> new ViewStamp("none", 0, Instant.MIN));
      house.refuses(by(WEB_BY_MTLS), Layer.BINDING, RefusalReason.VIEW_STALE);
    }
  }

  @Test
  void isNotNeededToSayWhoCalls() {
    try (House house = House.standing()) {
      house.network.stamped(() -> AT_START);
      house.clock.advance(Duration.ofDays(1));
      assertThat(house.identity().verify(by(WEB_BY_MTLS)).orElseThrow()).hasToString(WEB_BY_MTLS);
    }
  }
}
