// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.CertificateRequest.KeyKind;
import dev.serviceidentity.mtls.source.IssuedIdentity;
import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.CertificateIssuer.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLParameters;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that an authority issues to this process. */
class IssuedIdentityTest {
  private static final CertificateRequest WEB =
      CertificateRequest.spiffe(World.WEB).dns("localhost").ip("127.0.0.1");

  @TempDir Path directory;
  private World world;

  @BeforeEach
  void open() {
    world = new World(directory);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void aCertificateIsIssuedForAKeyOfEachKindAndWritesNoFile(KeyKind kind) throws Exception {
    MtlsIdentity web = world.open(IssuedIdentity.by(world.ca, WEB.key(kind)));

    assertThat(web.current().principal()).hasToString("mtls:" + World.WEB);
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void twoIssuedIdentitiesSpeakToEachOther() throws Exception {
    MtlsIdentity orders =
        world.open(
            IssuedIdentity.by(world.ca, CertificateRequest.spiffe(World.ORDERS).dns("localhost")));
    AnsweringServer server = world.serve(orders);

    String answer =
        server.ask(
            PlainClient.showing(world.ca.issue(LeafTemplate.spiffe(World.WEB))),
            new SSLParameters());

    assertThat(answer).startsWith("mtls:" + World.WEB);
  }

  @Test
  void eachRenewalHasANewKey() throws Exception {
    Queue<PublicKey> keys = new ConcurrentLinkedQueue<>();
    CertificateIssuer issuer =
        (request, lifetime) -> {
          Issued issued = world.ca.issue(request, lifetime);
          keys.add(issued.chain().get(0).getPublicKey());
          return issued;
        };
    MtlsIdentity web = world.open(IssuedIdentity.by(issuer, WEB.lifetime(Duration.ofSeconds(1))));
    Heard heard = new Heard(web);

    for (int i = 0; i < 3; i++) {
      assertThat(heard.rotations.poll(60, TimeUnit.SECONDS)).isNotNull();
    }

    assertThat(keys).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    assertThat(leaf(web).getPublicKey()).isIn(keys);
    assertThat(heard.failures).isEmpty();
  }

  @Test
  void theLastGoodOneStaysWhileTheIssuerFailsAndItIsAskedForEver() throws Exception {
    var failures = new AtomicInteger();
    var broken = new AtomicReference<>(Boolean.FALSE);
    var failedOften = new CountDownLatch(4);
    MtlsIdentity web =
        world.open(
            IssuedIdentity.by(
                (request, lifetime) -> {
                  if (broken.get()) {
                    failedOften.countDown();
                    throw new IdentityException(
                        Code.AUTHORITY_UNREACHABLE, "no answer " + failures.incrementAndGet() / 99);
                  }
                  return world.ca.issue(request, lifetime);
                },
                WEB.lifetime(Duration.ofSeconds(1))));
    Heard heard = new Heard(web);

    broken.set(Boolean.TRUE);

    assertThat(failedOften.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(heard.failures.poll(60, TimeUnit.SECONDS)).hasMessage("no answer 0");
    assertThat(web.current().principal()).hasToString("mtls:" + World.WEB);
    assertThat(web.health().detail()).isEqualTo("no answer 0");
    heard.rotations.clear();
    broken.set(Boolean.FALSE);
    assertThat(heard.rotations.poll(30, TimeUnit.SECONDS)).isNotNull();
    web.refresh();
    assertThat(web.health().detail()).doesNotContain("no answer");
  }

  @Test
  void openingTriesAgainWhileThereIsTime() {
    var attempts = new AtomicInteger();

    MtlsIdentity web =
        world.open(
            IssuedIdentity.by(
                (request, lifetime) -> {
                  if (attempts.incrementAndGet() < 3) {
                    throw new IdentityException(Code.AUTHORITY_UNREACHABLE, "not yet");
                  }
                  return world.ca.issue(request, lifetime);
                },
                WEB));

    assertThat(attempts).hasValue(3);
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void openingDoesNotWaitForAnIssuerThatSaysNo() {
    opening(
            (request, lifetime) -> {
              throw new IdentityException(Code.REFUSED, "not for you; ask the operators");
            },
            Code.REFUSED)
        .hasMessage("not for you; ask the operators");
  }

  @Test
  void openingWaitsNoLongerThanItIsTold() {
    world.openTimeout = Duration.ofMillis(300);

    opening(
            (request, lifetime) -> {
              new CountDownLatch(1).await();
              throw new AssertionError();
            },
            Code.NOT_READY)
        .hasMessageContaining("no certificate for " + World.WEB)
        .hasMessageContaining("within PT0.3S; is the issuer there?");
  }

  /** It must have been asked by then, for which a busy machine has ten seconds. */
  @Test
  void openingSaysAtItsEndWhyTheIssuerFailed() {
    world.openTimeout = Duration.ofSeconds(10);

    opening(
            (request, lifetime) -> {
              throw new IdentityException(Code.AUTHORITY_UNREACHABLE, "no route");
            },
            Code.AUTHORITY_UNREACHABLE)
        .hasMessageContaining("within PT10S: no route");
  }

  @Test
  void anIssuersOwnErrorIsNotFatal() throws Exception {
    var asked = new AtomicInteger();
    MtlsIdentity web =
        world.open(
            IssuedIdentity.by(
                (request, lifetime) -> {
                  if (asked.getAndIncrement() % 2 == 0) {
                    throw new IllegalStateException("a bug");
                  }
                  return world.ca.issue(request, lifetime);
                },
                WEB.lifetime(Duration.ofSeconds(1))));
    Heard heard = new Heard(web);

    assertThat(heard.failures.poll(60, TimeUnit.SECONDS))
        .hasMessageContaining("failed for " + World.WEB)
        .hasMessageContaining("see the cause")
        .satisfies(e -> assertThat(e.code()).isEqualTo(Code.AUTHORITY_UNREACHABLE));
    assertThat(heard.rotations.poll(60, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aCertificateForAnotherKeyIsRefused() {
    opening(
            (request, lifetime) ->
                new Issued(world.ca.issue(World.template(World.WEB)).chain(), List.of()),
            Code.REFUSED)
        .hasMessageContaining("answered with a certificate for another key");
  }

  @Test
  void anAnswerWithoutCertificateIsRefused() {
    opening((request, lifetime) -> new Issued(List.of(), List.of()), Code.REFUSED)
        .hasMessageContaining("answered without certificate");
  }

  @Test
  void anExpiredCertificateIsRefused() {
    opening(
            (request, lifetime) -> {
              Issued issued = world.ca.issue(request, Duration.ofSeconds(1));
              world.clock.advance(Duration.ofSeconds(2));
              return issued;
            },
            Code.REFUSED)
        .hasMessageContaining("answered with a certificate that ended at ")
        .hasMessageContaining("compare its clock");
  }

  @Test
  void anIssuerThatDoesNotSayWhomToTrustNeedsAFile() throws Exception {
    CertificateIssuer silent =
        (request, lifetime) -> new Issued(world.ca.issue(request, lifetime).chain(), List.of());
    opening(silent, Code.CONFIGURATION)
        .hasMessageContaining("does not say whom to trust; name a file with authorities(...)");
    Path file = directory.resolve("ca.pem");
    Files.writeString(file, pem(world.ca));

    MtlsIdentity web = world.open(IssuedIdentity.by(silent, WEB).authorities(file));

    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void authoritiesInAFileAreFollowed() throws Exception {
    Path file = directory.resolve("ca.pem");
    Files.writeString(file, pem(world.ca));
    MtlsIdentity web = world.open(IssuedIdentity.by(world.ca, WEB).authorities(file));
    Heard heard = new Heard(web);
    DevelopmentCa next = DevelopmentCa.create("shop.example", world.clock);

    Files.writeString(file, pem(world.ca) + pem(next));

    assertThat(heard.rotations.poll(60, TimeUnit.SECONDS)).isNotNull();
    assertThat(web.tls().orElseThrow().trustManager().getAcceptedIssuers())
        .contains(next.certificate());
  }

  @Test
  void closingInterruptsTheIssuer() throws Exception {
    var asked = new CountDownLatch(2);
    var interrupted = new CountDownLatch(1);
    MtlsIdentity web =
        world.open(
            IssuedIdentity.by(
                (request, lifetime) -> {
                  asked.countDown();
                  if (asked.getCount() > 0) {
                    return world.ca.issue(request, lifetime);
                  }
                  try {
                    new CountDownLatch(1).await();
                    throw new AssertionError();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                },
                WEB.lifetime(Duration.ofSeconds(1))));
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

    web.close();

    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private AbstractThrowableAssert<?, IdentityException> opening(
      CertificateIssuer issuer, Code code) {
    return assertThatThrownBy(() -> world.open(IssuedIdentity.by(issuer, WEB)))
        .asInstanceOf(InstanceOfAssertFactories.throwable(IdentityException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private static X509Certificate leaf(MtlsIdentity identity) {
    var keys = identity.tls().orElseThrow().keyManager();
    return keys.getCertificateChain(keys.getServerAliases("EC", null)[0])[0];
  }

  private static String pem(DevelopmentCa ca) {
    return Draft.pem("CERTIFICATE", Draft.der(ca.certificate()));
  }

  /** Keeps what a listener hears. */
  private static final class Heard implements IdentityListener {
    private final BlockingQueue<IdentitySnapshot> rotations = new LinkedBlockingQueue<>();
    private final BlockingQueue<IdentityException> failures = new LinkedBlockingQueue<>();

    private Heard(MtlsIdentity identity) {
      identity.subscribe(this);
    }

    @Override
    public void onRotated(IdentitySnapshot current) {
      rotations.add(current);
    }

    @Override
    public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
      failures.add(cause);
    }
  }
}
