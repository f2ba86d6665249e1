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
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that users write, and what an identity does when they throw. */
class HandMadeSourceTest {
  private static final Runnable SEALED =
      () -> {
        throw new UncheckedIOException(new IOException("vault is sealed"));
      };

  @TempDir Path directory;
  private World world;
  private HandMadeSource vault;

  @BeforeEach
  void open() {
    world = new World(directory);
    vault = new HandMadeSource();
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void anErrorOfItsOwnIsToldAsAnyOtherFailure() {
    MtlsIdentity web = world.open(vault);

    vault.onRead = SEALED;

    assertThatThrownBy(web::refresh)
        .isInstanceOfSatisfying(
            IdentityException.class,
            e -> assertThat(e.code()).isEqualTo(Code.AUTHORITY_UNREACHABLE))
        .hasMessageContaining("The vault's certificate could not be read")
        .hasMessageContaining("an error of its own; see the cause")
        .hasRootCauseMessage("vault is sealed");
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(web.health().detail()).contains("The vault's certificate could not be read");
    assertThat(web.current().principal()).hasToString("mtls:" + World.WEB);
  }

  @Test
  void anErrorOfTheJvmIsToldToo() {
    MtlsIdentity web = world.open(vault);

    vault.onRead =
        () -> {
          throw new StackOverflowError("deep");
        };

    assertThatThrownBy(web::refresh)
        .isInstanceOf(IdentityException.class)
        .hasRootCauseInstanceOf(StackOverflowError.class);
    assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
    vault.onRead = () -> {};
    web.refresh();
    assertThat(web.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void anErrorOfItsOwnAtTheFirstReadingIsAnIdentitysToo() {
    vault.onRead = SEALED;

    assertThatThrownBy(() -> world.open(vault))
        .isInstanceOf(IdentityException.class)
        .hasRootCauseMessage("vault is sealed");
    assertThat(vault.closed).hasValue(1);
  }

  @Test
  void anErrorOfItsOwnDoesNotFreezeTheTrustInOtherDomains() throws Exception {
    DevelopmentCa before = DevelopmentCa.create("b.example", world.clock);
    DevelopmentCa after = DevelopmentCa.create("b.example", world.clock);
    Path bundle = Files.writeString(directory.resolve("b.pem"), pem(before));
    MtlsIdentity web =
        world.open(
            "web",
            builder -> builder.source(vault).federatedTrust("b.example", bundle),
            Set.of(MechanismName.MTLS));

    vault.onRead = SEALED;
    Files.writeString(bundle, pem(after));
    assertThatThrownBy(web::refresh).isInstanceOf(RuntimeException.class);

    assertThat(web.tls().orElseThrow().trustManager().getAcceptedIssuers())
        .contains(after.certificate(), HandMadeSource.ROOT.certificate())
        .doesNotContain(before.certificate());
  }

  @Test
  void listenersHearOfAnErrorOfItsOwnThatNobodyHasAskedFor() throws Exception {
    vault.files = Set.of(directory.resolve("watched"));
    MtlsIdentity web = world.open(vault);
    BlockingQueue<IdentityException> failures = new LinkedBlockingQueue<>();
    web.subscribe(
        new IdentityListener() {
          @Override
          public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
            failures.add(cause);
          }
        });

    vault.onRead = SEALED;
    Files.writeString(directory.resolve("watched"), "changed");

    assertThat(failures.poll(60, TimeUnit.SECONDS))
        .isNotNull()
        .hasMessageContaining("The vault's certificate could not be read");
  }

  @Test
  void anErrorInItsClosingKeepsNothingOpen() {
    MtlsIdentity web = world.open(vault);
    vault.onClose =
        () -> {
          throw new IllegalStateException("close failed");
        };

    assertThatThrownBy(web::close).hasMessage("close failed");

    assertThatThrownBy(web::current).isInstanceOf(IdentityException.class);
    assertThatThrownBy(() -> web.tls().orElseThrow().sslContext().createSSLEngine())
        .isInstanceOf(IdentityException.class);
    vault.onClose = () -> {};
  }

  @Test
  void anAuthorityInAnotherFileSystemDoesNotEndTheWatch() throws Exception {
    DevelopmentCa other = DevelopmentCa.create("b.example", world.clock);
    world.issue("orders", World.ORDERS);
    try (FileSystem zip =
        FileSystems.newFileSystem(directory.resolve("b.zip"), Map.of("create", "true"))) {
      Path bundle = Files.writeString(zip.getPath("/b.pem"), pem(other));
      MtlsIdentity orders =
          world.open("orders", builder -> builder.federatedTrust("b.example", bundle));
      var renewed = new CompletableFuture<IdentitySnapshot>();
      orders.subscribe(
          new IdentityListener() {
            @Override
            public void onRotated(IdentitySnapshot current) {
              renewed.complete(current);
            }
          });

      world.issue("orders", World.ORDERS + "-renewed");

      assertThat(renewed.get(60, TimeUnit.SECONDS).principal().name()).endsWith("-renewed");
      orders.close();
    }
  }

  private static String pem(DevelopmentCa ca) {
    return Draft.pem("CERTIFICATE", Draft.der(ca.certificate()));
  }
}
