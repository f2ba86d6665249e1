// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static dev.serviceidentity.fakes.Requests.WEB_BY_KERBEROS;
import static dev.serviceidentity.fakes.Requests.anonymous;
import static dev.serviceidentity.fakes.Requests.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.fakes.House;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A part that fails")
class FailClosedTest {
  @ParameterizedTest
  @MethodSource
  void refusesTheRequestInItsLayerAndIsRemembered(Consumer<House> broken, Layer layer)
      throws InterruptedException {
    try (House house = House.standing()) {
      broken.accept(house);
      Refused refused = house.refuses(by(WEB_BY_KERBEROS), layer, RefusalReason.INTERNAL_ERROR);
      assertThat(refused.explanation()).doesNotContain("secret");
      AccessEvent event = house.event(refused);
      assertThat(event.outcome().reason()).isEqualTo("INTERNAL_ERROR");
      assertThat(event.outcome().layer()).isEqualTo(layer);
      assertThat(event.outcome().detail()).doesNotContain("secret");
    }
  }

  static Stream<Arguments> refusesTheRequestInItsLayerAndIsRemembered() {
    return Stream.of(
        breaking("claims throws", Layer.IDENTITY, h -> h.kerberos.claiming(e -> fail())),
        breaking("verifier throws", Layer.IDENTITY, h -> h.kerberos.judging(e -> fail())),
        breaking(
            "verifier throws an Error",
            Layer.IDENTITY,
            h ->
                h.kerberos.judging(
                    e -> {
                      throw new StackOverflowError();
                    })),
        breaking("verifier returns null", Layer.IDENTITY, h -> h.kerberos.judging(e -> null)),
        breaking(
            "verifier's stage completes with null",
            Layer.IDENTITY,
            h -> h.kerberos.judging(e -> CompletableFuture.completedFuture(null))),
        breaking(
            "verifier's stage fails",
            Layer.IDENTITY,
            h -> h.kerberos.judging(e -> CompletableFuture.failedFuture(broken()))),
        breaking(
            "verifier's stage fails later",
            Layer.IDENTITY,
            h -> h.kerberos.judging(e -> CompletableFuture.supplyAsync(FailClosedTest::fail))),
        breaking(
            "verifier's stage completes with null later",
            Layer.IDENTITY,
            h -> h.kerberos.judging(e -> CompletableFuture.supplyAsync(() -> null))),
        breaking("service account throws", Layer.IDENTITY, h -> h.network.mapping(p -> fail())),
        breaking("service account is null", Layer.IDENTITY, h -> h.network.mapping(p -> null)),
        breaking("stamp throws", Layer.BINDING, h -> h.network.stamped(FailClosedTest::fail)),
        breaking("stamp is null", Layer.BINDING, h -> h.network.stamped(() -> null)),
        breaking("resolver throws", Layer.BINDING, h -> h.network.resolving(FailClosedTest::fail)),
        breaking("resolver returns null", Layer.BINDING, h -> h.network.resolving(() -> null)),
        breaking(
            "look-up throws",
            Layer.BINDING,
            h -> unknown(h).network.lookingUp(FailClosedTest::fail)),
        breaking(
            "look-up returns null", Layer.BINDING, h -> unknown(h).network.lookingUp(() -> null)),
        breaking(
            "look-up finds null",
            Layer.BINDING,
            h ->
                unknown(h)
                    .network
                    .lookingUp(() -> CompletableFuture.completedFuture((Resolution) null))),
        breaking("own pod throws", Layer.NETWORK, h -> h.network.being(FailClosedTest::fail)),
        breaking("own pod is null", Layer.NETWORK, h -> h.network.being(() -> null)),
        breaking("checker throws", Layer.NETWORK, h -> h.network.checking(flow -> fail())),
        breaking("checker returns null", Layer.NETWORK, h -> h.network.checking(flow -> null)),
        breaking(
            "explanation of an admission throws",
            Layer.NETWORK,
            h -> h.network.checking(flow -> unexplained(h, Verdict.ALLOWED))),
        breaking(
            "explanation of a denial throws",
            Layer.NETWORK,
            h -> h.network.checking(flow -> unexplained(h, Verdict.DENIED))));
  }

  @Test
  void refusesIfItIsThePredicateOfAllowedCallers() {
    try (House house = House.with(it -> it.allow(AllowedCallers.matching(c -> fail())))) {
      Refused refused =
          house.refuses(by(WEB_BY_KERBEROS), Layer.CALLER, RefusalReason.INTERNAL_ERROR);
      assertThat(refused.reply()).map(field -> field.name()).containsExactly("X-Reply-kerberos");
    }
  }

  @Test
  void refusesIfItIsThePredicateOfUnboundCallers() {
    try (House house = House.with(it -> it.admitUnbound(AllowedCallers.matching(c -> fail())))) {
      house.refuses(by("kerberos:alice@SHOP.EXAMPLE"), Layer.BINDING, RefusalReason.INTERNAL_ERROR);
    }
  }

  @Test
  void refusesIfItsChallengesFailOrWouldSplitTheResponse() {
    try (House house = House.standing()) {
      house.kerberos.challenging(FailClosedTest::fail);
      house.refuses(anonymous(), Layer.IDENTITY, RefusalReason.INTERNAL_ERROR);
      house.kerberos.challenging(() -> List.of("Negotiate\r\nSet-Cookie: a=b"));
      house.refuses(anonymous(), Layer.IDENTITY, RefusalReason.INTERNAL_ERROR);
    }
  }

  @Test
  void isRejectedByVerifyAsWell() {
    try (House house = House.standing()) {
      house.kerberos.judging(evidence -> fail());
      assertThat(house.identity().verify(by(WEB_BY_KERBEROS)))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(RefusalReason.INTERNAL_ERROR));
      house.kerberos.claiming(evidence -> fail());
      assertThat(house.identity().verify(by(WEB_BY_KERBEROS))).isInstanceOf(Rejected.class);
    }
  }

  @Test
  void leavesTheEventWithoutItsOwnNameIfThatIsNotKnownAnyMore() throws InterruptedException {
    try (House house = House.standing()) {
      house.identity();
      house.kerberos.being(
          () -> {
            throw new IdentityException(IdentityException.Code.CLOSED, "closed");
          });
      AccessEvent event = house.event(house.admits(by(WEB_BY_KERBEROS)));
      assertThat(event.own().principals())
          .map(Object::toString)
          .containsExactly("mtls:spiffe://shop.example/ns/shop/sa/orders");
      house.mtls.being(FailClosedTest::fail);
      house.event(house.admits(by(WEB_BY_KERBEROS)));
    }
  }

  private static Arguments breaking(String what, Layer layer, Consumer<House> how) {
    return Arguments.of(Named.of(what, how), layer);
  }

  private static House unknown(House house) {
    house.network.resolving(() -> new Resolution.Unknown("not seen yet"));
    return house;
  }

  private static PolicyDecision unexplained(House house, Verdict verdict) {
    return PolicyDecision.of(verdict, flow -> fail(), house.network.stamp());
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // It stands for any function that fails.
  private static <T> T fail() {
    throw broken();
  }

  private static RuntimeException broken() {
    return new IllegalStateException("secret");
  }
}
