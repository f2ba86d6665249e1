// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is remembered of tokens, for how long, and how much of it. */
class KnownTokensTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant END = NOW.plus(Duration.ofHours(1));

  private final KnownTokens known = new KnownTokens();

  @Test
  void aFindingCountsUntilItsEndOrThatOfTheToken() {
    known.add("short", caller("web"), NOW.plusSeconds(30), 1);
    known.add("long", caller("web"), END.plusSeconds(30), 1);

    assertThat(known.find("short", NOW.plusSeconds(29), 1)).isNotNull();
    assertThat(known.find("short", NOW.plusSeconds(30), 1)).isNull();
    assertThat(known.find("long", END.minusNanos(1), 1)).isNotNull();
    assertThat(known.find("long", END, 1)).isNull();
  }

  @Test
  void aFindingByOtherKeysCountsForNothing() {
    known.add("hash", caller("web"), END, 1);

    assertThat(known.find("hash", NOW, 2)).isNull();
  }

  @Test
  void whoMakesManyTokensForgetsItsOwn() {
    known.add("of-orders", caller("orders"), END, 1);
    for (int i = 0; i < 20_000; i++) {
      known.add("of-web-" + i, caller("web"), END, 1);
    }

    assertThat(known.size()).isEqualTo(1_025);
    assertThat(known.find("of-orders", NOW, 1)).isNotNull();
    assertThat(known.find("of-web-19999", NOW, 1)).isNotNull();
    assertThat(known.find("of-web-0", NOW, 1)).isNull();
  }

  @Test
  void inAllThereIsABoundAndWhoHasTheMostForgets() {
    known.add("of-orders", caller("orders"), END, 1);
    for (int i = 0; i < 20_000; i++) {
      known.add("of-many-" + i, caller("web-" + i % 10), END, 1);
    }

    assertThat(known.size()).isEqualTo(8_192);
    assertThat(known.find("of-orders", NOW, 1)).isNotNull();
  }

  private static Caller caller(String name) {
    return Caller.of(
        PrincipalId.parse("service-account-token:system:serviceaccount:shop:" + name + "@id"),
        NOW,
        END);
  }
}
