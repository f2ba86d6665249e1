// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.spi.OwnedRuntime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokens by which a service calls others, as the kubelet replaces them. */
class ProjectedTokensTest {
  private static final Target ORDERS = Target.of(URI.create("https://orders/"));
  private static final Target BILLING = Target.of(URI.create("https://billing/"));

  @TempDir private Path volume;
  private final MovingClock clock = new MovingClock();
  private final TestIssuer issuer = TestIssuer.create(clock);
  private final ScriptedApi api = ScriptedApi.open();
  private final OwnedRuntime runtime =
      OwnedRuntime.start(
          clock,
          refused -> {},
          Set.of(MechanismName.SERVICE_ACCOUNT_TOKEN),
          Duration.ofSeconds(60));
  private int projected;
  private TokenIdentity identity;

  @BeforeEach
  void project() throws Exception {
    api.answers(201, "{\"status\": {\"allowed\": true}}");
    Files.createSymbolicLink(volume.resolve("orders"), Path.of("..data", "orders"));
    Files.createSymbolicLink(volume.resolve("billing"), Path.of("..data", "billing"));
    swap(token("orders"), token("billing"));
  }

  @AfterEach
  void close() {
    if (identity != null) {
      identity.close();
    }
    api.close();
    runtime.close();
  }

  @Test
  void eachTargetGetsTheTokenForItsAudience() {
    identity = builder().open(runtime.runtime());

    assertThat(header(ORDERS)).isEqualTo("Bearer " + read("orders"));
    assertThat(header(BILLING)).isEqualTo("Bearer " + read("billing"));
    assertThat(identity.current().principal().name()).isEqualTo(TestIssuer.WEB);
    assertThat(identity.current().expiresAt()).isEqualTo(clock.instant().plusSeconds(300));
    assertThat(identity.health().status()).isEqualTo(Status.UP);
    assertThat(identity.tls()).isEmpty();
  }

  @Test
  void anAnswerProvesNothing() {
    identity = builder().open(runtime.runtime());
    RequestCredentials credentials = identity.credentialsFor(ORDERS);

    assertThat(credentials.verifyReply(200, Map.of())).isInstanceOf(Reply.Unauthenticated.class);
    assertThat(credentials.toString()).doesNotContain(read("orders"));
    assertThat(identity.toString()).doesNotContain(read("orders"));
  }

  @Test
  void aTokenThatTheKubeletHasReplacedIsUsedAndTold() throws Exception {
    identity = builder().open(runtime.runtime());
    var rotated = new CopyOnWriteArrayList<IdentitySnapshot>();
    identity.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            rotated.add(current);
          }
        });

    clock.move(Duration.ofMinutes(4));
    swap(token("orders"), token("billing"));

    eventually("it is read", () -> header(ORDERS), ("Bearer " + read("orders"))::equals);
    eventually("it is told", () -> rotated, told -> !told.isEmpty());
    assertThat(rotated.get(0).generation()).isEqualTo(2);
    assertThat(rotated.get(0).expiresAt()).isEqualTo(clock.instant().plusSeconds(300));
  }

  @Test
  void aTokenThatIsNoGoodLeavesTheLastOneInUseUntilItEnds() throws Exception {
    identity = builder().open(runtime.runtime());
    String last = header(ORDERS);

    for (String bad : List.of("", "x", token("billing"), "y".repeat(9_000))) {
      swap(bad, token("billing"));
      eventually("it is noticed", identity::health, ProjectedTokensTest::isDegraded);
      assertThat(header(ORDERS)).isEqualTo(last);
      assertThat(identity.health().detail()).contains("orders").doesNotContain(last.substring(20));
      swap(last.substring("Bearer ".length()), token("billing"));
      eventually("it is mended", identity::health, health -> !isDegraded(health));
    }

    clock.move(Duration.ofMinutes(5));
    assertThatThrownBy(() -> header(ORDERS))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> assertThat(e.code()).isEqualTo(IdentityException.Code.EXPIRED));
    assertThat(identity.health().status()).isEqualTo(Status.DOWN);
  }

  @Test
  void aTokenThatWasReplacedAtTheLastMomentIsReadBeforeItIsSent() throws Exception {
    identity = builder().open(runtime.runtime());

    clock.move(Duration.ofMinutes(5));
    swap(token("orders"), token("billing"));

    assertThat(header(ORDERS)).isEqualTo("Bearer " + read("orders"));
  }

  @Test
  void noTokenIsSentWithoutTlsUnlessThatIsSaid() {
    Target plain = Target.of(URI.create("http://orders/"));
    identity = builder().open(runtime.runtime());
    assertThatThrownBy(() -> identity.credentialsFor(plain))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("plain HTTP");

    try (TokenIdentity exposed = builder().exposeTokensOverPlainHttp().open(runtime.runtime())) {
      exposed.credentialsFor(plain);
    }
  }

  @Test
  void anAudienceWithoutTokenIsTold() {
    identity = builder().open(runtime.runtime());

    assertThatThrownBy(() -> identity.credentialsFor(Target.of(URI.create("https://others/"))))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("requestTokens()");
  }

  @Test
  void aFileThatIsNoGoodAtTheStartIsNotOpened() {
    for (String bad : List.of("x", token("others"))) {
      assertThatThrownBy(
              () -> {
                swap(bad, token("billing"));
                builder().open(runtime.runtime());
              })
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining(volume.resolve("orders").toString());
    }
    assertThatThrownBy(
            () ->
                TokenIdentity.builder()
                    .using(api.client())
                    .audience("web")
                    .token("none", volume.resolve("none"))
                    .open(runtime.runtime()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void whatIsNotSaidOrContradictsItselfIsNotOpened() {
    unopened(TokenIdentity.builder(), "audience(...)");
    unopened(TokenIdentity.builder().audience("a"), "who judges tokens?");
    unopened(TokenIdentity.builder().audience("a").using(api.client()), "issuer(...)");
    unopened(
        TokenIdentity.builder().audience("a").using(api.client()).requestTokens(), "token(...)");
    unopened(
        TokenIdentity.builder()
            .audience("a")
            .verifyBy(OidcIssuer.at(TestIssuer.URL))
            .verifyByClusterKeys(),
        "either verifyBy(...)");
    unopened(
        TokenIdentity.builder()
            .audience("a")
            .using(api.client())
            .issuer("https://oidc.cloud.example/id/7"),
        "domain(...)");
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    TokenIdentityBuilder builder = TokenIdentity.builder();
    List<Runnable> wrong =
        List.of(
            () -> builder.audience(""),
            () -> builder.audience("a b"),
            () -> builder.token("", Path.of("x")),
            () -> builder.algorithms("HS256"),
            () -> builder.algorithms("none"),
            () -> builder.algorithms(),
            () -> builder.longestLife(Duration.ZERO),
            () -> builder.clockSkew(Duration.ofMinutes(6)),
            () -> builder.reviewsCountFor(Duration.ofMinutes(6)),
            () -> builder.issuer("http://id.example"));
    assertThat(wrong)
        .allSatisfy(
            each -> assertThatThrownBy(each::run).isInstanceOf(IllegalArgumentException.class));
  }

  @Test
  void afterClosingNothingIsHandedOut() {
    identity = builder().open(runtime.runtime());
    identity.close();
    identity.close();

    assertThatThrownBy(() -> identity.credentialsFor(ORDERS))
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> assertThat(e.code()).isEqualTo(IdentityException.Code.CLOSED));
    assertThat(identity.health().status()).isEqualTo(Status.DOWN);
  }

  private void unopened(TokenIdentityBuilder builder, String why) {
    assertThatThrownBy(() -> builder.open(runtime.runtime()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining(why);
  }

  private static boolean isDegraded(Health.Part health) {
    return health.status() == Status.DEGRADED;
  }

  private TokenIdentityBuilder builder() {
    return TokenIdentity.builder()
        .using(api.client())
        .audience("web")
        .token("orders", volume.resolve("orders"))
        .token("billing", volume.resolve("billing"))
        .calling(Target::host);
  }

  private String header(Target target) {
    var fields = new HashMap<String, String>();
    identity.credentialsFor(target).applyTo(fields::put);
    return fields.get("Authorization");
  }

  private String token(String audience) {
    return issuer.token(TestIssuer.WEB, audience);
  }

  private String read(String audience) {
    try {
      return Files.readString(volume.resolve(audience));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** As the kubelet does: a new directory, and a link to it that replaces the last one. */
  private void swap(String orders, String billing) throws Exception {
    Path directory = Files.createDirectory(volume.resolve("..version-" + projected++));
    Files.writeString(directory.resolve("orders"), orders);
    Files.writeString(directory.resolve("billing"), billing);
    Path link = volume.resolve("..data_tmp");
    Files.createSymbolicLink(link, directory.getFileName());
    Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }
}
