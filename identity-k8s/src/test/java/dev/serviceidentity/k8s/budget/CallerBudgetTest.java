// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.k8s.budget.Allowance.Share;
import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The budget of callers")
class CallerBudgetTest {
  private static final Payer WEB = payer("10.0.0.1", "shop");
  private static final String REFUSED = "refused";

  /** Always the same: of two payers some seeds make one cell, which tests then take for one. */
  private static final long SEED = 1;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final CallerBudget budget =
      new CallerBudget(
          new Allowance(new Share(2, 4, 2), new Share(5, 6, 3), new Share(10, 10, 4)),
          new Allowance(new Share(2, 5, 2), new Share(5, 50, 4), new Share(10, 50, 4)),
          new Random(SEED),
          nanos::get);

  private static Payer payer(String address, String group) {
    return new Payer(IpAddress.parse(address), group);
  }

  private int spends(Payer payer, int times) {
    int spent = 0;
    for (int i = 0; i < times; i++) {
      spent += budget.maySpend(payer) ? 1 : 0;
    }
    return spent;
  }

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void givesASourceItsBurstAndThenItsRate() {
    assertThat(spends(WEB, 100)).isEqualTo(4);
    pass(1);
    assertThat(spends(WEB, 100)).isEqualTo(2);
    pass(1_000);
    assertThat(spends(WEB, 100)).isEqualTo(4);
  }

  @Test
  void ofOneSourceIsNotUsedUpByAnother() {
    spends(WEB, 100);
    assertThat(spends(payer("10.0.0.2", ""), 100)).isEqualTo(4);
  }

  @Test
  void ofAGroupEndsWhateverItsSourcesAre() {
    int spent = 0;
    for (int i = 1; i < 200; i++) {
      spent += spends(payer("10.0.1." + i, "evil"), 1);
    }
    assertThat(spent).isEqualTo(6);
    assertThat(spends(WEB, 1)).isOne();
  }

  @Test
  void countsANetworkOfIpv6AsTwoStrangers() {
    int spent = 0;
    for (int i = 1; i < 200; i++) {
      spent += spends(payer("2001:db8::" + i, ""), 1);
    }
    assertThat(spent).isEqualTo(8);
    assertThat(spends(payer("2001:db8:0:1::1", ""), 1)).isOne();
  }

  @Test
  void ofANodesPodsIsNotUsedUpByOneOfThem() {
    assertThat(spends(payer("2001:db8::1", ""), 100)).isEqualTo(4);
    waits(payer("2001:db8::1", ""), new CompletableFuture<>());
    waits(payer("2001:db8::1", ""), new CompletableFuture<>());
    assertThat(spends(payer("2001:db8::2", ""), 1)).isOne();
    assertThat(isRefused(waits(payer("2001:db8::2", ""), new CompletableFuture<>()))).isFalse();
  }

  @Test
  void countsAddressesOfPodNetworksSingly() {
    CallerBudget ofCluster =
        CallerBudget.usual(List.of(Cidr.parse("fd15::/48")), new Random(SEED), nanos::get);
    int spent = 0;
    for (int i = 1; i <= 4; i++) {
      while (ofCluster.maySpend(payer("fd15::" + i, ""))) {
        spent++;
      }
    }
    assertThat(spent).isEqualTo(40);
  }

  @Test
  void ofKnownAddressesIsNotUsedUpByFloodsOfStrangers() {
    budget.know(WEB.address());
    flood();
    assertThat(spends(payer("10.9.9.9", ""), 1)).isZero();
    assertThat(spends(WEB, 100)).isEqualTo(5);
  }

  private void flood() {
    System.out.println("CallerBudgetTest: -Dseed=" + seed);
    var random = new Random(seed);
    int spent = 0;
    for (int i = 0; i < 100_000; i++) {
      spent += spends(payer("172.16." + random.nextInt(256) + "." + random.nextInt(256), ""), 1);
    }
    assertThat(spent).isEqualTo(10);
  }

  @Test
  void takesNothingOfASourceWhereTheGroupHasNoMore() {
    for (int i = 1; i < 10; i++) {
      spends(payer("10.0.1." + i, "shop"), 1);
    }
    assertThat(spends(WEB, 100)).isZero();
    assertThat(spends(payer("10.0.0.1", ""), 100)).isEqualTo(4);
  }

  @Test
  void knowsAnAddressOnlyItself() {
    budget.know(WEB.address());
    assertThat(budget.isKnown(WEB.address())).isTrue();
    for (int i = 0; i < 256; i++) {
      assertThat(budget.isKnown(IpAddress.parse("10.1.1." + i))).isFalse();
    }
  }

  private CompletionStage<String> waits(Payer payer, CompletableFuture<String> answer) {
    return budget.waitFor(payer, () -> answer, REFUSED);
  }

  private static boolean isRefused(CompletionStage<String> stage) {
    return REFUSED.equals(stage.toCompletableFuture().getNow(""));
  }

  @Test
  void letsSomeWaitAndTheNextOnceOneIsAnswered() {
    var answer = new CompletableFuture<String>();
    assertThat(isRefused(waits(WEB, answer))).isFalse();
    assertThat(isRefused(waits(WEB, new CompletableFuture<>()))).isFalse();
    assertThat(isRefused(waits(WEB, answer))).isTrue();
    answer.complete("done");
    assertThat(isRefused(waits(WEB, new CompletableFuture<>()))).isFalse();
  }

  @Test
  void boundsWhoWaitsByGroupAndInAll() {
    List<Boolean> refused = new ArrayList<>();
    for (int i = 1; i < 5; i++) {
      refused.add(isRefused(waits(payer("10.0.1." + i, "evil"), new CompletableFuture<>())));
    }
    assertThat(refused).containsExactly(false, false, false, true);
    assertThat(isRefused(waits(WEB, new CompletableFuture<>()))).isFalse();
    assertThat(isRefused(waits(payer("10.0.0.2", ""), new CompletableFuture<>()))).isTrue();
  }

  @Test
  void forgetsAWaitWhoseQuestionFails() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  budget.waitFor(
                      WEB,
                      () -> {
                        throw new IllegalStateException("broken");
                      },
                      REFUSED))
          .hasMessage("broken");
    }
    assertThat(isRefused(waits(WEB, new CompletableFuture<>()))).isFalse();
  }

  @Test
  void hasTwiceAsMuchForKnownAddressesUsually() {
    CallerBudget usual = CallerBudget.usual(new Random(SEED), nanos::get);
    int strangers = 0;
    while (usual.maySpend(WEB)) {
      strangers++;
    }
    usual.know(WEB.address());
    int known = 0;
    while (usual.maySpend(WEB)) {
      known++;
    }
    assertThat(strangers).isEqualTo(10);
    assertThat(known).isEqualTo(20);
  }

  @Test
  void hasNoShareThatAdmitsNobody() {
    assertThatThrownBy(() -> new Share(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
