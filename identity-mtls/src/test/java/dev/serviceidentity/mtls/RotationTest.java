// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.pem.KeyPairs;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.PemFiles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change while the identity is in use. */
class RotationTest {

  /** 10,000 with the profile {@code soak}. */
  private static final int SWAPS = Integer.getInteger("identity.mtls.swaps", 300);

  private static final int GENERATIONS = 30;
  private static final Target ORDERS = Target.of(URI.create("https://orders.shop/"));

  @TempDir Path directory;
  private World world;

  @BeforeEach
  void issue() {
    world = new World(directory);
    world.issue("web", World.WEB);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aSwapIsNoticedWithoutBeingAsked() throws Exception {
    MtlsIdentity web = world.open("web");
    Events events = new Events();
    web.subscribe(events);

    world.issue("web", World.WEB + "2");

    assertThat(events.rotated().principal().nativeName()).isEqualTo(World.WEB + "2");
    assertThat(web.current().generation()).isEqualTo(2);
  }

  @Test
  void plainFilesReplacedOneAfterTheOtherAreNoticedToo() throws Exception {
    Path plain = Files.createDirectory(directory.resolve("plain"));
    copy(world.files("web"), plain);
    MtlsIdentity web = world.open("plain");
    Events events = new Events();
    web.subscribe(events);
    world.issue("web", World.WEB + "2");

    copy(world.files("web"), plain);

    assertThat(events.rotated().principal().nativeName()).isEqualTo(World.WEB + "2");
  }

  @Test
  void unchangedFilesAreNoNewGeneration() {
    MtlsIdentity web = world.open("web");

    web.refresh();

    assertThat(web.refresh().generation()).isEqualTo(1);
  }

  @Test
  void badFilesChangeNothingButHealth() throws Exception {
    MtlsIdentity web = world.open("web");
    Events events = new Events();
    web.subscribe(events);
    Files.delete(world.files("web").resolve("..data").toRealPath().resolve("tls.key"));

    assertThatThrownBy(web::refresh)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("tls.key is missing");

    assertThat(web.current().generation()).isEqualTo(1);
    assertThat(web.credentialsFor(ORDERS)).isNotNull();
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).contains("tls.key is missing");
    assertThat(events.failed()).hasMessageContaining("tls.key is missing");
  }

  @Test
  void goodFilesAfterBadOnesHealIt() throws Exception {
    MtlsIdentity web = world.open("web");
    Files.delete(world.files("web").resolve("..data").toRealPath().resolve("tls.key"));
    assertThatThrownBy(web::refresh).isInstanceOf(IdentityException.class);

    world.issue("web", World.WEB);
    web.refresh();

    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
    assertThat(web.current().generation()).isEqualTo(2);
  }

  @Test
  void listenersAreToldOnAThreadOfTheirOwn() throws Exception {
    MtlsIdentity web = world.open("web");
    var thread = new CompletableFuture<String>();
    web.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            thread.complete(Thread.currentThread().getName());
            throw new IllegalStateException("A listener's own trouble is nobody else's");
          }
        });

    world.issue("web", World.WEB);
    web.refresh();

    assertThat(thread.get(60, TimeUnit.SECONDS)).isEqualTo("identity-mtls-listeners");
  }

  @Test
  void anEndedSubscriptionHearsNothing() throws Exception {
    MtlsIdentity web = world.open("web");
    Events early = new Events();
    Events late = new Events();
    web.subscribe(early).close();
    web.subscribe(late);

    world.issue("web", World.WEB);
    web.refresh();

    assertThat(late.rotated()).isNotNull();
    assertThat(early.rotations).isEmpty();
  }

  @Test
  void anExpiredCertificateProvesNothing() {
    MtlsIdentity web = world.open("web");
    world.clock.advance(Duration.ofHours(1));

    assertThatThrownBy(() -> web.credentialsFor(ORDERS))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("see health()");
    assertThat(web.health().status()).isEqualTo(Health.Status.DOWN);
    assertThat(web.health().detail()).startsWith("This service's certificate expired at ");
  }

  @Test
  void anExpiryIsTold() throws Exception {
    MtlsIdentity web = world.open("web");
    Events events = new Events();
    web.subscribe(events);
    world.clock.advance(Duration.ofHours(1));

    // Any change of the directory makes the watch look, and then it notices the time as well.
    Files.createFile(world.files("web").resolve("anything"));

    assertThat(events.expiry.poll(60, TimeUnit.SECONDS)).isEqualTo(web.current());
  }

  @Test
  void aLateRenewalShowsInHealth() {
    MtlsIdentity web = world.open("web");
    world.clock.advance(Duration.ofMinutes(50));

    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).contains("renew it");
  }

  @Test
  void aCertificateThatPeersOfTheSameTrustRefuseShowsInHealth() {
    DevelopmentCa other = DevelopmentCa.create("shop.example", world.clock);
    world
        .ca
        .issue(LeafTemplate.spiffe(World.WEB))
        .trusting(List.of(other.certificate()))
        .writeTo(world.files("web"));

    Health.Part health = world.open("web").health();

    assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(health.detail()).contains("UNTRUSTED_ISSUER");
  }

  @Test
  void afterClosingNothingIsProven() {
    MtlsIdentity web = world.open("web");
    web.close();
    web.close();

    assertThatThrownBy(web::current).isInstanceOf(IdentityException.class);
    assertThatThrownBy(() -> web.tls().orElseThrow().sslContext().createSSLEngine())
        .isInstanceOf(IdentityException.class);
    assertThat(web.health().status()).isEqualTo(Health.Status.DOWN);
  }

  @Test
  void hundredsOfSwapsNeverTearAPair() throws Exception {
    CertificateSource files = world.source(PemFiles.directory(world.files("web")));
    CompletableFuture<Void> swapping =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < SWAPS; i++) {
                world.issue("web", World.WEB + i);
              }
            });

    int reads = 0;
    int changes = 0;
    X509Certificate before = files.read().leaf();
    while (!swapping.isDone()) {
      Credential credential = files.read();
      assertThat(KeyPairs.fit(credential.key(), credential.leaf().getPublicKey())).isTrue();
      changes += credential.leaf().equals(before) ? 0 : 1;
      before = credential.leaf();
      reads++;
    }
    swapping.get(60, TimeUnit.SECONDS);
    System.out.println(
        SWAPS + " swaps, " + reads + " readings, " + changes + " changes, none torn");
    assertThat(files.read().leaf().getSubjectAlternativeNames().toString())
        .contains(World.WEB + (SWAPS - 1));
    assertThat(changes).as("changes seen in %d reads", reads).isPositive();
  }

  @Test
  void everyGenerationThatIsPublishedIsWhole() throws Exception {
    MtlsIdentity web = world.open("web");
    Events events = new Events();
    web.subscribe(events);

    for (int i = 0; i < GENERATIONS; i++) {
      world.issue("web", World.WEB + i);
      web.refresh();
      assertThat(web.current().principal().name()).endsWith("web" + i);
    }

    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
    assertThat(web.current().generation()).isEqualTo(1 + GENERATIONS);
    assertThat(events.failures).isEmpty();
  }

  private static void copy(Path from, Path to) throws Exception {
    for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
      Files.write(to.resolve(name), Files.readAllBytes(from.resolve(name)));
    }
  }

  /** Keeps what a listener hears. */
  private static final class Events implements IdentityListener {
    private final BlockingQueue<IdentitySnapshot> rotations = new LinkedBlockingQueue<>();
    private final BlockingQueue<IdentityException> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<IdentitySnapshot> expiry = new LinkedBlockingQueue<>();

    @Override
    public void onRotated(IdentitySnapshot current) {
      rotations.add(current);
    }

    @Override
    public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
      failures.add(cause);
    }

    @Override
    public void onExpired(IdentitySnapshot expired) {
      expiry.add(expired);
    }

    private IdentitySnapshot rotated() throws InterruptedException {
      return rotations.poll(60, TimeUnit.SECONDS);
    }

    private IdentityException failed() throws InterruptedException {
      return failures.poll(60, TimeUnit.SECONDS);
    }
  }
}
