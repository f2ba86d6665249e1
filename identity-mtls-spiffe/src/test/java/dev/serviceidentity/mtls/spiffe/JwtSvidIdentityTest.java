// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import io.grpc.Status;
import io.spiffe.workloadapi.grpc.Workload.JWTBundlesResponse;
import io.spiffe.workloadapi.grpc.Workload.JWTSVIDRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calling and being called by JWT-SVIDs of a Workload API. */
class JwtSvidIdentityTest {
  private static final Target ORDERS = Target.of(URI.create("https://orders.shop/"));
  private static final Target BILLING = Target.of(URI.create("https://billing.shop/"));

  @TempDir Path directory;
  private final MovingClock clock = new MovingClock();
  private final TokenAuthority authority = TokenAuthority.create(clock);
  private final BlockingQueue<JWTSVIDRequest> asked = new LinkedBlockingQueue<>();
  private Workloads workloads;
  private AgentServer agent;

  @BeforeEach
  void begin() throws Exception {
    workloads = new Workloads(directory, clock);
    agent = workloads.agent("agent");
    agent.bundles().send(authority.bundle("shop.example"));
    giveTokens();
  }

  @AfterEach
  void close() throws Exception {
    workloads.close();
  }

  @Test
  void oneServiceCallsAnotherByATokenForItsAudience() {
    JwtSvidIdentity web = open(web());
    JwtSvidIdentity orders = open(web().audience("orders.shop"));

    String token = token(web.credentialsFor(ORDERS));

    assertThat(orders.callers().verify(Requests.bearer(token)).orElseThrow().principal())
        .hasToString("jwt-svid:" + Workloads.WEB);
    assertThat(rejection(web, token)).isEqualTo("OTHER_AUDIENCE");
  }

  @Test
  void whoThisIsIsKnownOnceItIsOpen() {
    JwtSvidIdentity web = open(web());

    assertThat(web.current().principal()).hasToString("jwt-svid:" + Workloads.WEB);
    assertThat(web.current().expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
    assertThat(web.current().generation()).isEqualTo(1);
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
    assertThat(web.name()).hasToString("jwt-svid");
    assertThat(web.tls()).isEmpty();
    assertThat(web).hasToString("JwtSvidIdentity[" + web.health().detail() + "]");
  }

  @Test
  void aTokenIsAskedForOncePerAudience() {
    JwtSvidIdentity web = open(web());
    asked.clear();

    for (int i = 0; i < 3; i++) {
      assertThat(token(web.credentialsFor(ORDERS))).isEqualTo(token(web.credentialsFor(ORDERS)));
      assertThat(token(web.credentialsFor(BILLING)))
          .isNotEqualTo(token(web.credentialsFor(ORDERS)));
    }

    assertThat(asked)
        .extracting(request -> List.copyOf(request.getAudienceList()))
        .containsExactly(List.of("orders.shop"), List.of("billing.shop"));
  }

  @Test
  void theAgentIsToldWhichIdIsMeant() {
    open(web().svid(Workloads.WEB));

    assertThat(asked.remove().getSpiffeId()).isEqualTo(Workloads.WEB);
  }

  @Test
  void aTokenIsReplacedInTheBackgroundAfterTwoThirdsOfItsLife() throws Exception {
    JwtSvidIdentity web = open(web());
    String first = token(web.credentialsFor(ORDERS));
    asked.clear();

    clock.move(Duration.ofMinutes(3));
    assertThat(token(web.credentialsFor(ORDERS))).isEqualTo(first);
    assertThat(asked).isEmpty();
    clock.move(Duration.ofSeconds(21));
    assertThat(token(web.credentialsFor(ORDERS))).isEqualTo(first);

    assertThat(asked.poll(60, TimeUnit.SECONDS)).isNotNull();
    String next = first;
    while (next.equals(first)) {
      next = token(web.credentialsFor(ORDERS));
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aTokenIsServedUntilItEndsThoughTheAgentFails() {
    JwtSvidIdentity web = open(web());
    String token = token(web.credentialsFor(ORDERS));
    agent.tokens(
        request -> {
          throw Status.UNAVAILABLE.asRuntimeException();
        });

    clock.move(Duration.ofMinutes(5).minusSeconds(6));
    assertThat(token(web.credentialsFor(ORDERS))).isEqualTo(token);
    clock.move(Duration.ofSeconds(1));
    assertThatThrownBy(() -> web.credentialsFor(ORDERS))
        .hasMessageContaining("cannot be reached (UNAVAILABLE");
    giveTokens();
    assertThat(token(web.credentialsFor(ORDERS))).isNotEqualTo(token);
  }

  @Test
  void aTokenThatIsNotWhatWasAskedForIsRefused() {
    JwtSvidIdentity web = open(web());

    answers(web, Workloads.WEB, authority.token(Workloads.WEB, "others"))
        .contains("for another audience than orders.shop");
    answers(web, Workloads.WEB, authority.token(Workloads.ORDERS, "orders.shop"))
        .contains("has sent a JWT-SVID of " + Workloads.WEB + " for " + Workloads.ORDERS);
    answers(web, "spiffe://other.example/a", authority.token(Workloads.WEB, "orders.shop"))
        .contains("not of the configured trust domain shop.example");
    answers(web, Workloads.WEB, "secret").contains("that is none: TOKEN_MALFORMED");
    String old = authority.token(Workloads.WEB, "orders.shop");
    clock.move(Duration.ofMinutes(5));
    answers(web, Workloads.WEB, old).contains("that ended at");
  }

  @Test
  void bundlesAreFollowed() throws Exception {
    JwtSvidIdentity web = open(web());
    TokenAuthority next = TokenAuthority.create(clock);
    String token = next.token(Workloads.ORDERS, "web.shop");
    assertThat(rejection(web, token)).isEqualTo("UNKNOWN_KEY");

    agent.bundles().send(next.bundle("shop.example"));

    while (rejection(web, token).equals("UNKNOWN_KEY")) {
      Thread.onSpinWait();
    }
    assertThat(rejection(web, token)).isEqualTo("none");
    assertThat(rejection(web, authority.token(Workloads.ORDERS, "web.shop")))
        .isEqualTo("UNKNOWN_KEY");
  }

  @Test
  void anEmptyUpdateOfBundlesIsRefusedAndTold() throws Exception {
    JwtSvidIdentity web = open(web());
    Heard heard = Heard.of(web);

    agent.bundles().send(JWTBundlesResponse.getDefaultInstance());

    assertThat(heard.failure()).hasMessageContaining("has sent no JWT bundle");
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).contains("has sent no JWT bundle");
    assertThat(rejection(web, authority.token(Workloads.ORDERS, "web.shop"))).isEqualTo("none");
  }

  @Test
  void bundlesStayWhileTheAgentIsRestarted() throws Exception {
    JwtSvidIdentity web = open(web());
    Heard heard = Heard.of(web);

    agent.stop();
    assertThat(heard.failure().code()).isEqualTo(Code.AUTHORITY_UNREACHABLE);
    assertThat(rejection(web, authority.token(Workloads.ORDERS, "web.shop"))).isEqualTo("none");
    TokenAuthority next = TokenAuthority.create(clock);
    agent.bundles().send(next.bundle("shop.example"));
    agent.start();

    String token = next.token(Workloads.ORDERS, "web.shop");
    while (!rejection(web, token).equals("none")) {
      Thread.onSpinWait();
    }
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void theOwnTokenIsRenewedBeforeItEnds() throws Exception {
    giveTokens(Duration.ofSeconds(2));
    JwtSvidIdentity web = open(web());
    Heard heard = Heard.of(web);
    clock.move(Duration.ofSeconds(1));

    assertThat(heard.rotation().generation()).isEqualTo(2);
    assertThat(web.current().expiresAt()).isEqualTo(clock.instant().plus(Duration.ofSeconds(2)));
  }

  @Test
  void theEndOfTheOwnTokenIsToldAndCallersAreStillVerified() throws Exception {
    giveTokens(Duration.ofSeconds(2));
    JwtSvidIdentity web = open(web());
    Heard heard = Heard.of(web);
    agent.tokens(
        request -> {
          throw Status.PERMISSION_DENIED.asRuntimeException();
        });
    clock.move(Duration.ofSeconds(2));

    assertThat(heard.failure()).hasMessageContaining("has no registration entry");
    assertThat(heard.end()).isEqualTo(web.current());
    assertThat(web.health().status()).isEqualTo(Health.Status.DOWN);
    assertThat(web.health().detail())
        .contains("This service's JWT-SVID ended at ")
        .contains("has no registration entry");
    assertThat(rejection(web, authority.token(Workloads.ORDERS, "web.shop"))).isEqualTo("none");
  }

  @Test
  void aTokenIsNotSentInClearNorWithoutAudience() {
    JwtSvidIdentity web = open(web());
    JwtSvidIdentity mute =
        open(
            JwtSvidIdentity.builder()
                .workloadApi(agent.api())
                .trustDomain("shop.example")
                .audience("x"));

    assertThatThrownBy(() -> web.credentialsFor(Target.of(URI.create("http://orders.shop/"))))
        .hasMessageContaining("can be taken and used by others; call HTTP/orders.shop:80 by https");
    assertThatThrownBy(() -> mute.credentialsFor(ORDERS))
        .hasMessageContaining("Configure calling(...)");
  }

  @Test
  void anAnswerProvesNothingAboutTheService() {
    RequestCredentials credentials = open(web()).credentialsFor(ORDERS);

    assertThat(credentials.verifyReply(200, Map.of()))
        .isInstanceOf(RequestCredentials.Reply.Unauthenticated.class);
    assertThat(credentials)
        .hasToString(
            "RequestCredentials[Authorization: <"
                + ("Bearer " + token(credentials)).length()
                + " characters>]");
  }

  @Test
  void whatIsNotConfiguredIsAskedFor() {
    JwtSvidIdentityBuilder builder = JwtSvidIdentity.builder();

    assertThatThrownBy(builder::open).hasMessageContaining("needs workloadApi(...)");
    builder.workloadApi(agent.api());
    assertThatThrownBy(builder::open).hasMessageContaining("needs trustDomain(...)");
    builder.trustDomain("shop.example");
    assertThatThrownBy(builder::open).hasMessageContaining("needs audience(...)");
    assertThatThrownBy(() -> builder.audience(" ")).hasMessageContaining("has a name");
    assertThatThrownBy(() -> builder.trustDomain("Shop")).hasMessageContaining("no SPIFFE ID");
    assertThatThrownBy(() -> builder.trustDomain("a/b")).hasMessageContaining("has no path");
    assertThatThrownBy(() -> builder.longestLife(Duration.ofHours(25)))
        .hasMessageContaining("1 second to 24 hours");
    assertThatThrownBy(() -> builder.longestLife(Duration.ZERO))
        .hasMessageContaining("1 second to 24 hours");
  }

  @Test
  void openingAloneNeedsNoRuntime() {
    giveTokens(Duration.ofHours(1));
    JwtSvidIdentity web = workloads.closing(web().open());

    assertThat(web.current().principal()).hasToString("jwt-svid:" + Workloads.WEB);
  }

  @Test
  void anAgentWithoutBundlesIsNamed() throws Exception {
    AgentServer mute = workloads.agent("mute");
    mute.bundles().saySilence();
    workloads.openTimeout = Duration.ofSeconds(1);

    assertThatThrownBy(() -> open(web().workloadApi(mute.api())))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("There was no JWT-SVID from " + mute.api() + " within 1 s");
  }

  @Test
  void afterClosingNobodyIsVerified() {
    JwtSvidIdentity web = open(web());
    String token = authority.token(Workloads.ORDERS, "web.shop");

    web.close();
    web.close();

    assertThat(rejection(web, token)).isEqualTo(RefusalReason.CLOSED.name());
    assertThatThrownBy(web::current).hasMessageContaining("was closed");
    assertThatThrownBy(() -> web.credentialsFor(ORDERS)).hasMessageContaining("was closed");
    assertThat(web.health().status()).isEqualTo(Health.Status.DOWN);
  }

  private void giveTokens() {
    giveTokens(Duration.ofMinutes(5));
  }

  /** Tokens that differ from each other by a number, as those of one second else would not. */
  private void giveTokens(Duration life) {
    agent.tokens(
        request -> {
          asked.add(request);
          return TokenAuthority.answer(
              Workloads.WEB,
              authority.sign(
                  authority.header().build(),
                  authority
                      .claims(Workloads.WEB, request.getAudience(0))
                      .expirationTime(Date.from(clock.instant().plus(life)))
                      .jwtID(Long.toString(System.nanoTime()))
                      .build()));
        });
  }

  private JwtSvidIdentityBuilder web() {
    return JwtSvidIdentity.builder()
        .workloadApi(agent.api())
        .trustDomain("shop.example")
        .audience("web.shop")
        .calling(Target::host);
  }

  private JwtSvidIdentity open(JwtSvidIdentityBuilder builder) {
    return workloads.closing(builder.open(workloads.runtime()));
  }

  /** What is said about an answer of the agent. */
  private AbstractStringAssert<?> answers(JwtSvidIdentity web, String subject, String token) {
    agent.tokens(request -> TokenAuthority.answer(subject, token));
    try {
      web.credentialsFor(ORDERS);
      throw new AssertionError("It was not refused");
    } catch (IdentityException e) {
      assertThat(e.code()).isEqualTo(Code.REFUSED);
      return assertThat(e.getMessage()).doesNotContain(token);
    }
  }

  private static String token(RequestCredentials credentials) {
    var lines = new ArrayList<String>();
    credentials.applyTo((name, value) -> lines.add(name + ": " + value));
    assertThat(lines).singleElement().asString().startsWith("Authorization: Bearer ");
    return lines.get(0).substring("Authorization: Bearer ".length());
  }

  private static String rejection(JwtSvidIdentity identity, String token) {
    return identity.callers().verify(Requests.bearer(token))
            instanceof Verification.Rejected rejected
        ? rejected.reason().name()
        : "none";
  }
}
