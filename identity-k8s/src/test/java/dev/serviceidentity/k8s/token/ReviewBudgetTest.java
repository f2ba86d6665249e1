// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.k8s.budget.Payer;
import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who can keep whose tokens from being judged. */
class ReviewBudgetTest {
  private static final PrincipalId WEB = principal("web");

  private final AtomicLong nanos = new AtomicLong();
  private final ReviewBudget budget =
      new ReviewBudget(ReviewBudget.Rates.USUAL, new Random(1), nanos::get);

  @Test
  void twentySourcesOfForgedTokensLeaveRoomForANewcomer() {
    flood(20);

    assertThat(budget.of(from("10.0.9.9", null)).maySpend(payer("10.0.9.9"))).isTrue();
  }

  @Test
  void whateverOthersSpendATokenThatWasGoodIsJudgedAgain() {
    IntStream.range(0, 100).forEach(i -> budget.know(from(address(i), null)));
    flood(200);
    assertThat(spend(from("10.0.9.9", null))).as("strangers have no more").isFalse();
    assertThat(spend(from(address(0), null))).as("known ones have no more").isFalse();
    PrincipalId other = principal("other");
    IntStream.range(0, 5_000).forEach(i -> spend(from(address(i % 100), other)));
    assertThat(spend(from(address(0), other))).as("another principal has no more").isFalse();

    assertThat(spend(from(address(0), WEB))).isTrue();
  }

  @Test
  void aThousandTokensOfOnePrincipalAreJudgedTwiceAMinute() {
    for (int minute = 0; minute < 3; minute++) {
      for (int i = 0; i < 1_024; i++) {
        assertThat(spend(from("10.0.0.1", WEB))).isTrue();
      }
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
    }
  }

  @Test
  void aBudgetOfNothingIsRefused() {
    assertThatThrownBy(() -> TokenIdentity.builder().reviewsPerSecond(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TokenIdentity.builder().reviewsPerSecond(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** So many sources present as many unknown tokens as they can for ten seconds. */
  private void flood(int sources) {
    for (int tenth = 0; tenth < 100; tenth++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < sources; i++) {
          spend(from(address(i), null));
        }
      }
    }
  }

  private boolean spend(Presenter presenter) {
    return budget.of(presenter).maySpend(ReviewBudget.payer(presenter));
  }

  private static Presenter from(String address, @Nullable PrincipalId before) {
    return new Presenter(payer(address), before);
  }

  private static Payer payer(String address) {
    return new Payer(IpAddress.parse(address), "");
  }

  private static String address(int i) {
    return "10.0." + i / 100 + "." + i % 100;
  }

  private static PrincipalId principal(String name) {
    return new PrincipalId(
        MechanismName.SERVICE_ACCOUNT_TOKEN,
        "id.shop.example",
        "system:serviceaccount:shop:" + name);
  }
}
