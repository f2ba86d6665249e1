// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a token is asked for, and which one is handed out. */
class RequestedTokenTest {
  private final MovingClock clock = new MovingClock();
  private final TestIssuer issuer = TestIssuer.create(clock);
  private final List<CompletableFuture<OwnToken>> requests = new CopyOnWriteArrayList<>();
  private final RequestedToken token =
      new RequestedToken(
          () -> {
            var answer = new CompletableFuture<OwnToken>();
            requests.add(answer);
            return answer;
          },
          new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(1)),
          clock);

  @Test
  void itIsAskedForOnceForAllWhoWait() throws Exception {
    CompletableFuture<OwnToken> one = CompletableFuture.supplyAsync(token::get);
    eventually("it is asked for", requests::size, size -> size == 1);
    CompletableFuture<OwnToken> other = CompletableFuture.supplyAsync(token::get);
    requests.get(0).complete(fresh());

    assertThat(one.join()).isEqualTo(other.join());
    assertThat(requests).hasSize(1);
  }

  @Test
  void itIsReplacedInTheBackgroundAfterTwoThirdsOfItsLife() {
    first();
    OwnToken old = token.get();

    clock.move(Duration.ofSeconds(201));
    assertThat(token.get()).isEqualTo(old);
    assertThat(requests).hasSize(2);
    OwnToken next = fresh();
    requests.get(1).complete(next);
    assertThat(token.get()).isEqualTo(next);
    assertThat(requests).hasSize(2);
  }

  @Test
  void aRefusalLeavesTheLastOneInUseAndIsTriedAgainAfterAPause() {
    first();
    OwnToken old = token.get();
    clock.move(Duration.ofSeconds(201));
    token.get();
    requests.get(1).completeExceptionally(new IdentityException(Code.REFUSED, "no"));

    assertThat(token.get()).isEqualTo(old);
    assertThat(requests).hasSize(2);
    clock.move(Duration.ofSeconds(2));
    assertThat(token.get()).isEqualTo(old);
    assertThat(requests).hasSize(3);
  }

  @Test
  void withoutOneTheRefusalIsTold() throws Exception {
    CompletableFuture<OwnToken> waiting = CompletableFuture.supplyAsync(token::get);
    eventually("it is asked for", requests::size, size -> size == 1);
    requests.get(0).completeExceptionally(new IdentityException(Code.REFUSED, "no right"));

    assertThatThrownBy(waiting::join).hasRootCauseMessage("no right");
  }

  @Test
  void aRequestThatCannotEvenBeMadeIsToldAndTheNextOneIsMade() {
    var made = new AtomicInteger();
    var careful =
        new RequestedToken(
            () -> {
              if (made.getAndIncrement() == 0) {
                throw new IdentityException(Code.CONFIGURATION, "no own token");
              }
              return CompletableFuture.completedFuture(fresh());
            },
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(1)),
            clock);

    assertThatThrownBy(careful::get).hasMessage("no own token");
    assertThat(careful.get()).isNotNull();
  }

  private void first() {
    CompletableFuture<OwnToken> waiting = CompletableFuture.supplyAsync(token::get);
    try {
      eventually("it is asked for", requests::size, size -> size == 1);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    requests.get(0).complete(fresh());
    waiting.join();
  }

  private OwnToken fresh() {
    return OwnToken.read(
        issuer.token(TestIssuer.WEB, "orders"),
        "orders",
        new TokenForm(Algorithms.USUAL, new ServiceAccountNaming("id.shop.example")),
        "of the test",
        clock.instant());
  }
}
