// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.source.CertificateRequest;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.IssuedIdentity;
import dev.serviceidentity.mtls.source.SuppliedCredential;
import dev.serviceidentity.mtls.source.TrustBundle;
import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.IdentityListeners;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a certificate is told once, and its renewal is tried until then and after. */
class EndOfLifeTest {
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

  @Test
  void anExpiryIsToldOnceHoweverOftenTrustChangesAfterIt() throws Exception {
    var trust = new AtomicReference<>(trust("first"));
    Draft.Forged leaf = Draft.leaf().signedBy(HandMadeSource.ROOT);
    var source =
        world.source(
            SuppliedCredential.by(
                () -> Credential.of(leaf.with(), leaf.keys().getPrivate(), trust.get())));
    BlockingQueue<IdentitySnapshot> expired = new LinkedBlockingQueue<>();
    try (var listeners = new IdentityListeners(MechanismName.MTLS)) {
      listeners.subscribe(
          new IdentityListener() {
            @Override
            public void onExpired(IdentitySnapshot snapshot) {
              expired.add(snapshot);
            }
          });
      Rotation rotation =
          Rotation.open(
              source,
              FederatedBundles.of(Map.of(), "shop.example", null),
              new OwnCertificate(
                  new PeerVerifier(new SvidProfile()), "shop.example", source.origin()),
              world.clock,
              listeners);
      world.clock.advance(Duration.ofHours(2));

      for (String authority : List.of("second", "third")) {
        rotation.noticeTime();
        trust.set(trust(authority));
        long before = rotation.current().generation();
        refreshExpired(rotation);
        assertThat(rotation.current().generation()).isGreaterThan(before);
      }
      rotation.noticeTime();
      var last = new CountDownLatch(1);
      listeners.subscribe(
          new IdentityListener() {
            @Override
            public void onRotated(IdentitySnapshot current) {
              last.countDown();
            }
          });
      listeners.rotated(rotation.current().identity());

      assertThat(last.await(60, TimeUnit.SECONDS)).as("all that was told has been heard").isTrue();
      assertThat(expired).hasSize(1);
    }
  }

  @Test
  void anInterruptionOfTheIssuersOwnDoesNotEndTheRenewal() throws Exception {
    aRenewalThatFailsOnce(
        () -> {
          throw new InterruptedException("of its own pool");
        });
  }

  @Test
  void anErrorOfTheVirtualMachineDoesNotEndTheRenewal() throws Exception {
    aRenewalThatFailsOnce(
        () -> {
          throw new StackOverflowError("in an issuer");
        });
  }

  private interface Failing {
    void fail() throws InterruptedException;
  }

  private void aRenewalThatFailsOnce(Failing failing) throws Exception {
    var asked = new AtomicInteger();
    var askedAgain = new CountDownLatch(3);
    CertificateIssuer issuer =
        (request, lifetime) -> {
          askedAgain.countDown();
          if (asked.incrementAndGet() == 2) {
            failing.fail();
          }
          return world.ca.issue(request, lifetime);
        };

    world.open(
        IssuedIdentity.by(
            issuer, CertificateRequest.spiffe(World.WEB).lifetime(Duration.ofSeconds(1))));

    assertThat(askedAgain.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static List<TrustBundle> trust(String authority) {
    return List.of(
        TrustBundle.of(
            "shop.example", HandMadeSource.ROOT.with(Draft.authority(authority).selfSigned())));
  }

  private static void refreshExpired(Rotation rotation) {
    try {
      rotation.refresh(false);
    } catch (IdentityException expired) {
      assertThat(expired).hasMessageContaining("EXPIRED");
    }
  }
}
