// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Verified;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of answers to TokenReviews, and how many are asked for. */
class ReviewJudgeTest {
  private static final String GOOD =
      """
      {"status": {"authenticated": true, "audiences": ["orders"],
        "user": {"username": "system:serviceaccount:shop:web", "extra": {
          "authentication.kubernetes.io/pod-name": ["web-1"],
          "authentication.kubernetes.io/pod-uid": ["u-1"]}}}}
      """;

  private final MovingClock clock = new MovingClock();
  private final TestIssuer issuer = TestIssuer.create(clock);
  private final ScriptedApi api = ScriptedApi.open();
  private final TokenCallers callers = callers(Duration.ofSeconds(30));

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void theAnswerNamesAccountAndPod() throws Exception {
    api.answers(201, GOOD);

    Caller caller = verify(token()).orElseThrow();

    assertThat(caller.principal().nativeName())
        .isEqualTo("system:serviceaccount:shop:web@id.shop.example");
    assertThat(caller.boundPod()).contains(new Caller.BoundPod("web-1", "u-1"));
    assertThat(api.asked()).singleElement().asString().contains("\"audiences\":[\"orders\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"status\": {}}",
        "{\"status\": {\"authenticated\": false, \"error\": \"no\"}}",
        "{\"status\": {\"authenticated\": \"true\"}}"
      })
  void whatIsNotSaidToBeAuthenticatedIsNot(String answer) throws Exception {
    api.answers(201, answer);

    assertThat(reason(token())).isEqualTo(TokenRejection.NOT_AUTHENTICATED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"audiences\": [\"orders\"]|\"audiences\": [\"billing\"]",
        "\"audiences\": [\"orders\"]|\"audiences\": []",
        "\"audiences\": [\"orders\"]|\"audiences\": [null]",
        "\"audiences\": [\"orders\"],|",
        "shop:web|shop:admin",
        "[\"web-1\"]|[\"web-1\", \"web-2\"]",
        "\"user\": {|\"user\": 1, \"x\": {"
      })
  void anAnswerThatDoesNotAgreeWithTheTokenIsRefused(String change) throws Exception {
    String[] parts = change.split("\\|", -1);
    assertThat(GOOD).contains(parts[0]);
    api.answers(201, GOOD.replace(parts[0], parts[1]));

    assertThat(reason(token())).isEqualTo(TokenRejection.REVIEW_DISAGREES);
  }

  @Test
  void anotherUserThanAServiceAccountIsRefused() throws Exception {
    api.answers(201, GOOD.replace("system:serviceaccount:shop:web", "alice"));

    assertThat(reason(token())).isEqualTo(TokenRejection.NO_PRINCIPAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 429, 500, 503})
  void whatIsNoAnswerDecidesNothing(int status) throws Exception {
    api.answers(status, "{\"message\": \"no\"}");

    assertThat(reason(token())).isEqualTo(TokenRejection.REVIEW_UNAVAILABLE);
  }

  @Test
  void anAnswerThatIsNoJsonDecidesNothing() throws Exception {
    api.answers(200, "<html>");

    assertThat(reason(token())).isEqualTo(TokenRejection.REVIEW_UNAVAILABLE);
  }

  @Test
  void whateverFailsOnTheWayEveryRequestEndsAndTheNextOneAsksAgain() throws Exception {
    var broken = new AtomicBoolean();
    TokenCallers careful = callers(Duration.ofSeconds(30), failing(broken));
    String token = token();
    api.answers(201, GOOD);
    CountDownLatch latch = api.hold();
    List<CompletableFuture<Verification>> answers =
        Stream.of(1, 2)
            .map(i -> careful.verifyAsync(Requests.bearer(token)).toCompletableFuture())
            .toList();
    eventually("it is asked", api.asked()::size, size -> size > 0);

    broken.set(true);
    latch.countDown();

    for (CompletableFuture<Verification> answer : answers) {
      assertThat(Requests.rejected(answer.get(60, TimeUnit.SECONDS)).reason())
          .isEqualTo(TokenRejection.REVIEW_UNAVAILABLE);
    }
    broken.set(false);
    assertThat(
            careful
                .verifyAsync(Requests.bearer(token))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS))
        .isInstanceOf(Verified.class);
  }

  /** Stands for anything that fails while an answer is read. */
  private Clock failing(AtomicBoolean broken) {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return clock.getZone();
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return clock.withZone(zone);
      }

      @Override
      public Instant instant() {
        if (broken.get()) {
          throw new IllegalStateException("broken");
        }
        return clock.instant();
      }
    };
  }

  @Test
  void onlyGoodAnswersAreRememberedAndOnlyForAWhile() throws Exception {
    String token = token();
    api.answers(201, "{}");
    assertThat(reason(token)).isEqualTo(TokenRejection.NOT_AUTHENTICATED);
    api.answers(201, GOOD);
    verify(token).orElseThrow();
    assertThat(api.asked()).hasSize(2);

    api.answers(201, "{}");
    clock.move(Duration.ofSeconds(30).minusMillis(1));
    verify(token).orElseThrow();
    assertThat(api.asked()).hasSize(2);
    clock.move(Duration.ofMillis(1));
    assertThat(reason(token)).isEqualTo(TokenRejection.NOT_AUTHENTICATED);
  }

  @Test
  void nothingIsRememberedBeyondTheEndOfTheToken() throws Exception {
    TokenCallers patient = callers(Duration.ofMinutes(30));
    String token = token();
    api.answers(201, GOOD);
    patient.verifyAsync(Requests.bearer(token)).toCompletableFuture().get(60, TimeUnit.SECONDS);

    clock.move(Duration.ofMinutes(5));

    assertThat(Requests.rejected(patient.verify(Requests.bearer(token))).reason())
        .isEqualTo(TokenRejection.EXPIRED);
  }

  @Test
  void inMemoryAnUnknownTokenIsNotDecided() {
    assertThat(Requests.rejected(callers.verify(Requests.bearer(token()))).reason())
        .isEqualTo(RefusalReason.UNAVAILABLE);
    assertThat(api.asked()).isEmpty();
  }

  @Test
  void manyRequestsWithOneTokenAskOnce() throws Exception {
    api.answers(201, GOOD);
    CountDownLatch latch = api.hold();
    String token = token();

    List<CompletableFuture<Verification>> answers =
        IntStream.range(0, 50)
            .mapToObj(i -> callers.verifyAsync(Requests.bearer(token)).toCompletableFuture())
            .toList();
    eventually("it is asked", api.asked()::size, size -> size > 0);
    latch.countDown();

    for (CompletableFuture<Verification> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isInstanceOf(Verified.class);
    }
    assertThat(api.asked()).hasSize(1);
  }

  @Test
  void whatCostsNothingToKnowIsNeverAsked() throws Exception {
    assertThat(reason(issuer.token(TestIssuer.WEB, "others")))
        .isEqualTo(TokenRejection.OTHER_AUDIENCE);
    assertThat(reason("x.y.z")).isEqualTo(TokenRejection.TOKEN_MALFORMED);

    assertThat(api.asked()).isEmpty();
  }

  @Test
  void aFloodOfUnknownTokensOfOneSourceIsNotAskedAboutAndLeavesOthersAlone() throws Exception {
    api.answers(201, "{}");
    var reasons = new ArrayList<CompletableFuture<Verification>>();
    for (int i = 0; i < 200; i++) {
      String unknown = issuer.token(TestIssuer.WEB, "orders", "flood-" + i);
      reasons.add(
          callers
              .verifyAsync(Requests.from("127.0.0.66", "Bearer " + unknown))
              .toCompletableFuture());
    }
    Stream<Reason> found = reasons.stream().map(each -> Requests.rejected(each.join()).reason());
    assertThat(found.filter(RefusalReason.OVERLOADED::equals).count()).isGreaterThan(100);
    int before = api.asked().size();
    assertThat(before).isLessThan(100);

    api.answers(201, GOOD);
    verify(token()).orElseThrow();
  }

  @Test
  void aFloodFromEverywhereLeavesTokensThatWereGoodInUse() throws Exception {
    String good = token();
    api.answers(201, GOOD);
    verify(good).orElseThrow();
    api.answers(201, "{}");
    for (int i = 0; i < 60; i++) {
      flood("127.0.1." + i);
    }
    flood("127.0.0.2");
    assertThat(reason(issuer.token(TestIssuer.WEB, "orders", "new")))
        .isEqualTo(RefusalReason.OVERLOADED);

    api.answers(201, GOOD);
    clock.move(Duration.ofSeconds(31));
    verify(good).orElseThrow();
  }

  @Test
  void aTokenThatIsGoodNoMoreIsAsUnknownAsAnyOther() throws Exception {
    String good = token();
    api.answers(201, GOOD);
    verify(good).orElseThrow();
    clock.move(Duration.ofSeconds(31));
    api.answers(201, "{}");
    assertThat(reason(good)).isEqualTo(TokenRejection.NOT_AUTHENTICATED);
    flood("127.0.0.2");

    assertThat(reason(good)).isEqualTo(RefusalReason.OVERLOADED);
  }

  private void flood(String address) {
    for (int i = 0; i < 50; i++) {
      String unknown = issuer.token(TestIssuer.WEB, "orders", "flood-" + address + i);
      callers.verifyAsync(Requests.from(address, "Bearer " + unknown)).toCompletableFuture().join();
    }
  }

  @Test
  void noTokenIsToldInAnyDetail() throws Exception {
    String token = token();
    for (int status : new int[] {201, 500}) {
      api.answers(status, "{\"message\": \"no\"}");
      assertThat(Requests.rejected(verify(token)).detail()).doesNotContain(token.substring(0, 20));
    }
  }

  private String token() {
    return issuer.token(TestIssuer.WEB, "orders");
  }

  private TokenCallers callers(Duration memory) {
    return callers(memory, clock);
  }

  private TokenCallers callers(Duration memory, Clock judging) {
    var budget = new ReviewBudget(ReviewBudget.Rates.USUAL, new Random(1), () -> 0L);
    var settings = new ReviewJudge.Settings(memory, budget);
    var judge =
        new ReviewJudge(
            new ApiCalls(api.client()),
            new ServiceAccountNaming("id.shop.example"),
            Set.of("orders"),
            settings,
            judging);
    return new TokenCallers(FixedKeys.expected(), judge, clock, () -> false);
  }

  private Verification verify(String token) throws Exception {
    return callers
        .verifyAsync(Requests.bearer(token))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private Reason reason(String token) throws Exception {
    return Requests.rejected(verify(token)).reason();
  }
}
