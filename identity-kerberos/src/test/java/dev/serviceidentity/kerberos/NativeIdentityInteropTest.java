// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.initiator.CacheLogins;
import dev.serviceidentity.kerberos.initiator.NativeLogin;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.TestClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole identity with MIT's KDC. */
class NativeIdentityInteropTest {
  private static final Target STOCK = Target.of(URI.create("http://stock.test"));

  @TempDir Path directory;
  private MitRealm realm;

  @BeforeEach
  void start() throws Exception {
    realm = MitRealm.in(directory);
    realm.principal("HTTP/stock.test");
  }

  @AfterEach
  void stop() {
    if (realm != null) {
      realm.close();
    }
  }

  @Test
  void itLogsInCallsAndIsVerified() throws Exception {
    Path keytab = realm.principal("HTTP/web.test");
    Path stockKeys = directory.resolve("HTTP-stock.test.keytab");
    try (var web = builder("HTTP/web.test", keytab).open();
        var stock = MitRealm.acceptor("HTTP/stock.test", stockKeys)) {
      var seen = stock.callers().verify(TestRealms.evidence(web.credentialsFor(STOCK)));
      assertThat(seen.orElseThrow().principal()).hasToString("kerberos:HTTP/web.test@MIT.EXAMPLE");
    }
  }

  @Test
  void aDisabledPrincipalKeepsItsTicketsAndIsRefusedANewLogin() throws Exception {
    Path keytab = realm.principal("web");
    try (var web = builder("web", keytab).open()) {
      web.credentialsFor(STOCK);
      realm.modify("web", "-allow_tix");
      assertThat(web.credentialsFor(STOCK)).isNotNull();
      assertThatThrownBy(builder("web", keytab)::open)
          .isInstanceOfSatisfying(
              IdentityException.class, gone -> assertThat(gone.code()).isEqualTo(Code.REFUSED))
          .hasMessageContaining("KDC_ERR_CLIENT_REVOKED (18)")
          .hasMessageContaining("an administrator must release it");
    }
  }

  @Test
  void whatIsCachedIsServedAfterTheKdcHasDiedAndWhatIsNotIsRefusedByName() throws Exception {
    Path keytab = realm.principal("web");
    try (var web = builder("web", keytab).open()) {
      web.credentialsFor(STOCK);
      realm.close();
      assertThat(web.credentialsFor(STOCK)).isNotNull();
      assertThatThrownBy(() -> web.credentialsFor(Target.of(URI.create("http://new.test"))))
          .hasMessageContaining("no KDC of MIT.EXAMPLE answers");
    }
  }

  @Test
  void aCacheThatNobodyRefreshesIsRenewedInMemory() throws Exception {
    realm.modify("krbtgt/MIT.EXAMPLE", "-maxrenewlife", "7d");
    Path keytab = realm.principal("web", "-maxrenewlife", "7d");
    Map<String, String> environment = realm.login("web", keytab, "-l", "4m", "-r", "1d");
    TestClock clock = TestClock.at(Clock.systemUTC());
    var client = new KdcClient(config(), new RandomOctets(new SecureRandom()), clock);
    Path path = CredentialCacheFile.path(environment.get("KRB5CCNAME"));
    var logins =
        new CacheLogins(
            new CredentialCacheFile(path, new Workshop()),
            PrincipalName.parse("web@MIT.EXAMPLE"),
            client,
            clock);
    NativeLogin first = logins.next();
    assertThat(logins.next()).isSameAs(first);
    assertThat(logins.hasNews()).isFalse();
    clock.advance(Duration.ofSeconds(200));
    NativeLogin renewed = logins.next();
    assertThat(renewed.remark()).isEqualTo("renewed in memory");
    assertThat(renewed.granting().sealed()).isNotEqualTo(first.granting().sealed());
  }

  @Test
  void twoHundredServicesAreAskedForOnceEach() throws Exception {
    Path keytab = realm.principal("web");
    for (int i = 0; i < 200; i++) {
      realm.kadmin("addprinc", "-randkey", "HTTP/s" + i + ".test");
    }
    try (var web = builder("web", keytab).open()) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++) {
          web.credentialsFor(Target.of(URI.create("http://s" + i + ".test")));
        }
      }
    }
    assertThat(realm.log().lines().filter(line -> line.contains("TGS_REQ")).count()).isEqualTo(200);
  }

  @Test
  @Timeout(180)
  void whileALoginHangsAtTheKdcTheKeytabOfTheAcceptorIsFollowed() throws Exception {
    Path keytab = realm.principal("HTTP/web.test");
    TestClock clock = TestClock.at(Clock.systemUTC());
    KerberosConfig patient =
        KerberosConfig.builder()
            .kdc(MitRealm.REALM, realm.address())
            .kdcTimeout(Duration.ofMinutes(10))
            .build();
    try (var owned = Runtimes.with(clock);
        var web = builder("HTTP/web.test", keytab).config(patient).open(owned.runtime())) {
      realm.close();
      URI place = URI.create("tcp://" + realm.address());
      try (var silent =
          new ServerSocket(place.getPort(), 50, InetAddress.getByName(place.getHost()))) {
        Duration life = Duration.between(clock.instant(), web.current().expiresAt());
        clock.advance(life.multipliedBy(9).dividedBy(10));
        try (var hanging = silent.accept()) {
          Files.write(keytab, new byte[] {5, 2, 0});
          while (web.health().status() == Health.Status.UP) {
            assertThat(Thread.currentThread().isInterrupted()).as("too late").isFalse();
            Thread.onSpinWait();
          }
          assertThat(web.health().toString()).contains("keytab");
          assertThat(hanging.isConnected()).isTrue();
        }
      }
    }
  }

  private KerberosIdentityBuilder builder(String name, Path keytab) {
    return KerberosIdentity.builder()
        .principal(name + "@" + MitRealm.REALM)
        .keytab(keytab)
        .config(config())
        .openTimeout(MitRealm.PATIENCE.multipliedBy(2));
  }

  private KerberosConfig config() {
    return KerberosConfig.builder()
        .kdc(MitRealm.REALM, realm.address())
        .kdcTimeout(MitRealm.PATIENCE)
        .build();
  }
}
