// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.ccache.Credential;
import org.apache.kerby.kerberos.kerb.ccache.CredentialCache;
import org.apache.kerby.kerberos.kerb.common.EncryptionUtil;
import org.apache.kerby.kerberos.kerb.keytab.Keytab;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;
import org.apache.kerby.kerberos.kerb.type.ticket.TicketFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKdcTest {
  @TempDir Path directory;

  @Test
  void aClientLogsInFromAnExportedKeytab() throws IOException, KrbException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      String web = kdc.principal("web");
      Path keytab = kdc.keytab(directory.resolve("web.keytab"), "web");
      var ticket = AsExchange.with(kdc).login(web, keytab);
      assertThat(ticket.getSname().getName()).isEqualTo("krbtgt/SHOP.EXAMPLE");
    }
  }

  @Test
  void aClientLogsInWithAPassword() throws IOException, KrbException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      String alice = kdc.principal("alice", "open sesame");
      assertThat(AsExchange.with(kdc).login(alice, "open sesame")).isNotNull();
      assertThatThrownBy(() -> AsExchange.with(kdc).login(alice, "another"))
          .isInstanceOf(KrbException.class);
    }
  }

  @Test
  void keysAreAesOnlyAndNewOnesHaveANewVersion() throws IOException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      String web = kdc.principal("web");
      Path file = kdc.keytab(directory.resolve("web.keytab"), "web");
      kdc.rotateKeys("web");
      kdc.keytab(file, "web");
      var entries = Keytab.loadKeytab(file.toFile()).getKeytabEntries(new PrincipalName(web));
      assertThat(entries)
          .extracting(entry -> entry.getKey().getKeyType())
          .containsOnly(
              EncryptionType.AES256_CTS_HMAC_SHA1_96, EncryptionType.AES128_CTS_HMAC_SHA1_96);
      assertThat(entries).extracting(entry -> entry.getKvno()).containsOnly(1, 2);
    }
  }

  @Test
  void noSystemPropertyIsTouched() {
    String before = System.getProperty("java.security.krb5.conf");
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      assertThat(System.getProperty("java.security.krb5.conf")).isEqualTo(before);
      assertThat(kdc.krb5Conf()).content().contains("default_realm = SHOP.EXAMPLE");
    }
    assertThat(System.getProperty("java.security.krb5.conf")).isEqualTo(before);
  }

  @Test
  void severalRunSideBySide() throws IOException, KrbException {
    try (var one = EmbeddedKdc.start("ONE.EXAMPLE");
        var other = EmbeddedKdc.start("OTHER.EXAMPLE")) {
      String first = one.principal("web", "open sesame");
      String second = other.principal("web", "open sesame");
      assertThat(AsExchange.with(one).login(first, "open sesame").getSrealm())
          .isEqualTo("ONE.EXAMPLE");
      assertThat(AsExchange.with(other).login(second, "open sesame").getSrealm())
          .isEqualTo("OTHER.EXAMPLE");
    }
  }

  @Test
  void ticketsLiveAsLongAsTheKdcSays() throws IOException, KrbException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE", TicketLife.of(Duration.ofSeconds(90)))) {
      kdc.principal("alice", "open sesame");
      var ticket = AsExchange.with(kdc).login("alice@SHOP.EXAMPLE", "open sesame");
      assertThat(ticket.getEndTime().diff(ticket.getAuthTime())).isEqualTo(90_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 7200})
  void aTicketIsKeptWithTheLifeThatItIsAskedFor(int seconds) throws IOException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("web");
      Path cache =
          kdc.ticket(
              directory.resolve("web.ccache"), "web", TicketLife.of(Duration.ofSeconds(seconds)));
      Credential kept = kept(cache);
      assertThat(kept.getClientName().getName()).isEqualTo("web@SHOP.EXAMPLE");
      assertThat(kept.getEndTime().diff(kept.getStartTime())).isEqualTo(seconds * 1000L);
    }
  }

  @Test
  void whatTheKdcReadsInATicketIsWhatItsOwnerWasTold() throws IOException, KrbException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("web");
      Credential kept =
          kept(kdc.ticket(directory.resolve("cc"), "web", TicketLife.of(Duration.ofMinutes(1))));
      Path keytab = kdc.keytab(directory.resolve("kdc.keytab"), "krbtgt/SHOP.EXAMPLE");
      EncryptionKey key =
          Keytab.loadKeytab(keytab.toFile())
              .getKey(
                  new PrincipalName("krbtgt/SHOP.EXAMPLE@SHOP.EXAMPLE"),
                  EncryptionType.AES256_CTS_HMAC_SHA1_96);
      EncTicketPart inside =
          EncryptionUtil.unseal(
              kept.getTicket().getEncryptedEncPart(),
              key,
              KeyUsage.KDC_REP_TICKET,
              EncTicketPart.class);
      assertThat(inside.getCname().getName()).isEqualTo("web");
      assertThat(inside.getStartTime()).isEqualTo(kept.getStartTime());
      assertThat(inside.getEndTime()).isEqualTo(kept.getEndTime());
      assertThat(inside.getKey().getKeyData()).isEqualTo(kept.getKey().getKeyData());
    }
  }

  @Test
  void aTicketIsRenewableIfItWasAskedForSo() throws IOException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("web");
      TicketLife life = TicketLife.of(Duration.ofMinutes(1)).renewableFor(Duration.ofHours(1));
      Path cache = kdc.ticket(directory.resolve("web.ccache"), "web", life);
      Credential kept = kept(cache);
      assertThat(kept.getTicketFlags().isFlagSet(TicketFlag.RENEWABLE)).isTrue();
      assertThat(kept.getRenewTill().diff(kept.getStartTime())).isEqualTo(3_600_000L);
    }
  }

  @Test
  void bothConfigurationsNameBothRealmsAndThePath() {
    try (var shop = EmbeddedKdc.start("SHOP.EXAMPLE");
        var partner = EmbeddedKdc.start("PARTNER.EXAMPLE")) {
      shop.trust(partner);
      for (var kdc : List.of(shop, partner)) {
        assertThat(kdc.krb5Conf())
            .content()
            .contains("default_realm = " + kdc.realm())
            .contains(shop.realmBlock(), partner.realmBlock())
            .contains("PARTNER.EXAMPLE = {\n  SHOP.EXAMPLE = .\n}");
      }
    }
  }

  @Test
  void aTicketOfSomebodyUnknownIsAnError() {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      Path cache = directory.resolve("nobody.ccache");
      TicketLife life = TicketLife.of(Duration.ofHours(1));
      assertThatThrownBy(() -> kdc.ticket(cache, "nobody", life))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SHOP.EXAMPLE could not find nobody");
    }
  }

  @Test
  void keytabsAndTicketsAreForTheirOwnersEyesOnly() throws IOException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("web");
      TicketLife life = TicketLife.of(Duration.ofHours(1));
      Path open = Files.createFile(directory.resolve("open.ccache"));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-r--"));
      assertThat(
              List.of(
                  kdc.keytab(directory.resolve("web.keytab"), "web"),
                  kdc.ticket(directory.resolve("web.ccache"), "web", life),
                  kdc.ticket(open, "web", life)))
          .extracting(file -> PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .containsOnly("rw-------");
    }
  }

  @Test
  void whoeverReadsAKeytabOrACacheWhileItIsReplacedReadsAWholeOne() throws Exception {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      var web = new PrincipalName(kdc.principal("web"));
      TicketLife life = TicketLife.of(Duration.ofHours(1));
      Path keytab = kdc.keytab(directory.resolve("web.keytab"), "web");
      Path cache = kdc.ticket(directory.resolve("web.ccache"), "web", life);
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 50; i++) {
                  kdc.keytab(keytab, "web");
                  kdc.ticket(cache, "web", life);
                }
              });
      do {
        assertThat(Keytab.loadKeytab(keytab.toFile()).getKeytabEntries(web)).isNotEmpty();
        assertThat(kept(cache).getClientName()).isEqualTo(web);
      } while (!writing.isDone());
      writing.get();
      try (var files = Files.list(directory)) {
        assertThat(files).containsExactlyInAnyOrder(keytab, cache);
      }
    }
  }

  @Test
  void keysThatAreAddedAtTheSameTimeAreAllThere() throws Exception {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      Path keytab = directory.resolve("all.keytab");
      List<String> names = IntStream.range(0, 8).mapToObj(i -> kdc.principal("s" + i)).toList();
      CompletableFuture.allOf(
              names.stream()
                  .map(name -> CompletableFuture.runAsync(() -> kdc.keytab(keytab, name)))
                  .toArray(CompletableFuture<?>[]::new))
          .get();
      assertThat(Keytab.loadKeytab(keytab.toFile()).getPrincipals())
          .extracting(PrincipalName::getName)
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void aLinkToAKeytabStaysALink() throws IOException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      kdc.principal("web");
      kdc.principal("batch");
      Path keytab = kdc.keytab(directory.resolve("real.keytab"), "web");
      Path link = Files.createSymbolicLink(directory.resolve("link.keytab"), keytab);
      kdc.keytab(link, "batch");
      assertThat(link).isSymbolicLink();
      assertThat(Keytab.loadKeytab(keytab.toFile()).getPrincipals()).hasSize(2);
    }
  }

  @Test
  void aKeytabOfSomebodyUnknownIsNotMade() {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      Path keytab = directory.resolve("nobody.keytab");
      assertThatThrownBy(() -> kdc.keytab(keytab, "nobody")).hasMessageContaining("nobody");
      assertThat(keytab).doesNotExist();
    }
  }

  @Test
  void whatFailsAfterTheServerHasStartedStopsIt() throws IOException, KrbException {
    var loopback = InetAddress.getByName("127.0.0.1");
    var kerby = KerbyServer.start("SHOP.EXAMPLE", TicketLife.of(Duration.ofHours(1)), loopback);
    Path own = directory.resolve("own");
    Files.createDirectories(own.resolve("krb5.conf").resolve("in the way"));
    assertThatThrownBy(() -> EmbeddedKdc.start(own, kerby))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SHOP.EXAMPLE did not start")
        .hasNoSuppressedExceptions();
    assertThat(own).doesNotExist();
    awaitRefusalAt(new InetSocketAddress(loopback, kerby.port()));
  }

  @Test
  void aServerWhosePortIsTakenIsStopped() throws IOException {
    var life = TicketLife.of(Duration.ofHours(1));
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> KerbyServer.listen("SHOP.EXAMPLE", life, taken.getLocalPort()))
          .isInstanceOf(KrbException.class)
          .hasNoSuppressedExceptions();
    }
  }

  @Test
  void closingStopsTheServerAndDeletesItsFiles() {
    var kdc = EmbeddedKdc.start("SHOP.EXAMPLE");
    kdc.close();
    kdc.close();
    assertThat(Files.exists(kdc.krb5Conf().getParent())).isFalse();
    awaitRefusalAt(kdc.address());
  }

  /** For a moment the port may still be, or be again, somebody's who listens. */
  private static void awaitRefusalAt(InetSocketAddress address) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          while (listens(address)) {
            Thread.onSpinWait();
          }
        });
  }

  private static boolean listens(InetSocketAddress address) throws IOException {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (ConnectException refused) {
      return false;
    }
  }

  private static Credential kept(Path file) throws IOException {
    var cache = new CredentialCache();
    cache.load(file.toFile());
    return cache.getCredentials().get(0);
  }
}
