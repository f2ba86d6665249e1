// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.kdc.ScriptedKdc;
import dev.serviceidentity.kerberos.keytab.ForgedKeytab;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabKeys;
import dev.serviceidentity.kerberos.token.ForgedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a doctor finds with MIT's KDC. */
@Timeout(180)
class KerberosDoctorInteropTest {
  private static final String ORDERS = "HTTP/orders.test";
  private static final String OWN = ORDERS + "@" + MitRealm.REALM;

  @TempDir Path directory;
  private MitRealm realm;
  private Path keytab;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    realm = MitRealm.in(directory);
    keytab = realm.principal(ORDERS, "+requires_preauth");
  }

  @AfterEach
  void stop() {
    if (realm != null) {
      realm.close();
    }
  }

  @Test
  void whatIsHealthyIsTold() throws Exception {
    realm.principal("HTTP/stock.test");
    String text =
        builder()
            .doctor()
            .calls("HTTP/stock.test@" + MitRealm.REALM)
            .examine()
            .render()
            .replace(directory.toString(), "DIR")
            .replaceAll("KDC 127.0.0.1:[0-9]+ +answers", "KDC HERE  answers")
            .replaceAll("[0-9]+ m?s\\b", "TIME")
            .replaceAll("until [-0-9T:]+Z \\(in [^)]+\\)", "until THEN");

    assertThat(text)
        .isEqualTo(
            """
            OK       keytab                                DIR/HTTP-orders.test.keytab: 2 keys of 1 principal
            OK       keys of HTTP/orders.test@MIT.EXAMPLE  kvno 1 of aes256-cts-hmac-sha1-96 (18), aes128-cts-hmac-sha1-96 (17), the newest written TIME ago
            OK       configuration                         KerberosConfig of the program
            OK       KDC HERE  answers from 127.0.0.1 in TIME
            OK       account                               HTTP/orders.test@MIT.EXAMPLE: known to the KDC, which wants proof by a key of aes256-cts-hmac-sha1-96 (18)
            OK       login                                 ticket-granting ticket until THEN, renewable until THEN, session key aes256-cts-hmac-sha1-96 (18)
            OK       clock                                 agrees with the KDC's
            OK       key of the realm                      krbtgt/MIT.EXAMPLE@MIT.EXAMPLE seals with kvno 1 of aes256-cts-hmac-sha1-96 (18)
            OK       ticket to oneself                     kvno 1 of aes256-cts-hmac-sha1-96 (18), session key aes256-cts-hmac-sha1-96 (18), until THEN
            OK       round trip                            a token to oneself was accepted, and its answer proves the keys
            OK       service HTTP/stock.test@MIT.EXAMPLE   kvno 1 of aes256-cts-hmac-sha1-96 (18), session key aes256-cts-hmac-sha1-96 (18), until THEN\
            """);
  }

  @Test
  void aPrincipalThatTheKdcLacksIsNamed() throws Exception {
    realm.kadmin("delprinc", "-force", ORDERS);
    examined()
        .isFine("KDC", "answers from 127.0.0.1 in ")
        .fails(
            "account",
            OWN + ": the KDC says KDC_ERR_C_PRINCIPAL_UNKNOWN (6)",
            "Add the principal " + OWN + " to the KDC, or correct its name here.")
        .isFine("clock", "agrees with the KDC's")
        .saysNothingOf("login");
  }

  @Test
  void aPrincipalThatIsDisabledIsNamed() throws Exception {
    realm.modify(ORDERS, "-allow_tix");
    examined().fails("account", "KDC_ERR_CLIENT_REVOKED (18)", "an administrator must release it");
  }

  @Test
  void aPrincipalThatIsLockedIsNamed() throws Exception {
    realm.kadmin("addpol", "-maxfailure", "1", "strict");
    realm.modify(ORDERS, "-policy", "strict");
    Path old = Files.copy(keytab, directory.resolve("old.keytab"));
    realm.rotate(ORDERS, keytab);
    Diagnosis.of(builder().keytab(old).doctor()).fails("login", "KDC_ERR_PREAUTH_FAILED", "");

    examined().fails("account", "KDC_ERR_CLIENT_REVOKED (18)", "has locked or revoked");
  }

  @Test
  void lookingAtAnAccountDoesNotLockIt() throws Exception {
    realm.kadmin("addpol", "-maxfailure", "1", "strict");
    realm.modify(ORDERS, "-policy", "strict");
    Path missing = directory.resolve("missing.keytab");
    for (int i = 0; i < 3; i++) {
      Diagnosis.of(builder().keytab(missing).doctor()).isFine("account", "known to the KDC");
    }
    assertThat(examined().found().holds()).isTrue();
  }

  @Test
  void anAccountThatHasExpiredIsNamed() throws Exception {
    realm.modify(ORDERS, "-expire", "2020-01-01");
    examined()
        .fails("account", "KDC_ERR_NAME_EXP (1)", "has expired; an administrator must extend");
  }

  @Test
  void aKeyThatIsNotTheKdcsIsNamed() throws Exception {
    realm.rotate(ORDERS, directory.resolve("elsewhere.keytab"));
    examined()
        .isFine("account", "known to the KDC")
        .fails("login", "KDC_ERR_PREAUTH_FAILED (24)", "write a new keytab (kadmin: ktadd -k)")
        .saysNothingOf("round trip");
  }

  @Test
  void aKeyThatTheKdcDoesNotHaveYetIsNamed() throws Exception {
    var entries = new ArrayList<>(KeytabKeys.entries(keytab));
    KeytabEntry now = entries.get(0);
    entries.add(
        new KeytabEntry(
            now.principal(),
            now.written(),
            KeyVersion.of(now.kvno() + 1),
            now.etype(),
            ForgedToken.filled(32, 9)));
    Files.write(keytab, ForgedKeytab.of(entries));
    examined()
        .warns("login", "made with kvno 1, since kvno 2", "Wait until all KDCs have the new key")
        .warns("ticket to oneself", "the keytab has kvno 2, which the KDC lacks", "Wait until")
        .isFine("round trip", "accepted");
  }

  @Test
  void aKeytabBehindTheKdcIsNamedByItsVersions() throws Exception {
    Path cache = cache();
    Path old = Files.copy(keytab, directory.resolve("old.keytab"));
    realm.rotate(ORDERS, keytab);
    Diagnosis.of(builder().keytab(old).credentialCache(cache).doctor())
        .isFine("ticket to oneself", "kvno 2 of aes256-cts-hmac-sha1-96 (18)")
        .fails(
            "round trip",
            "KEYTAB_STALE: the ticket has kvno 2 of aes256",
            "Write the service's current keys into the keytab");
  }

  @Test
  void aTypeOfKeyThatTheKeytabLacksIsNamed() throws Exception {
    var weaker = KeytabKeys.entries(keytab).stream().filter(entry -> entry.etype() == 17).toList();
    Files.write(keytab, ForgedKeytab.of(weaker));
    examined()
        .isFine("login", "ticket-granting ticket until ")
        .fails("round trip", "NO_KEY: ", "Write a keytab with all encryption types");
  }

  @Test
  void noTypeOfKeyInCommonIsNamed() throws Exception {
    var other =
        KeytabKeys.entries(keytab).stream()
            .limit(1)
            .map(
                one ->
                    new KeytabEntry(
                        one.principal(),
                        one.written(),
                        one.version(),
                        20,
                        ForgedToken.filled(32, 1)))
            .toList();
    Files.write(keytab, ForgedKeytab.of(other));
    examined().fails("login", "", "AES keys in the KDC");
  }

  @Test
  void aServiceThatTheKdcLacksIsNamed() {
    Diagnosis.of(builder().doctor().calls("HTTP/stock.test@" + MitRealm.REALM))
        .isFine("round trip", "accepted")
        .fails(
            "service HTTP/stock.test@MIT.EXAMPLE",
            "KDC_ERR_S_PRINCIPAL_UNKNOWN (7)",
            "The KDC does not know that service");
  }

  @Test
  void aServiceThatGivesNoTicketsIsNamed() throws Exception {
    realm.modify(ORDERS, "-allow_svr");
    examined().fails("ticket to oneself", "KDC_ERR_MUST_USE_USER2USER (27)", "KDC");
  }

  @Test
  void clocksThatDifferAreNamed() {
    Duration late = Duration.ofMinutes(-3);
    Diagnosis.of(builder().doctor(Clock.offset(Clock.systemUTC(), late)))
        .warns("clock", " behind the KDC's; requests are corrected", "Synchronise this host's")
        .isFine("round trip", "accepted");
    Duration early = Duration.ofMinutes(20);
    Diagnosis.of(builder().doctor(Clock.offset(Clock.systemUTC(), early)))
        .fails("clock", " ahead of the KDC's, and callers may differ by 5 min only", "NTP")
        .isFine("round trip", "accepted");
  }

  @Test
  void aClockThatIsDaysOffIsNamedAlthoughNobodyLogsIn() {
    Diagnosis.of(builder().doctor(Clock.offset(Clock.systemUTC(), Duration.ofDays(-2))))
        .fails("login", "KRB_AP_ERR_SKEW (37)", "Synchronise the clock of this host")
        .fails("clock", "behind the KDC's, and callers may differ", "Synchronise");
  }

  @Test
  void anAccountWithoutPreAuthenticationIsTold() throws Exception {
    realm.modify(ORDERS, "-requires_preauth");
    examined()
        .warns("account", "open to guesses", "kadmin: modprinc +requires_preauth " + OWN)
        .isFine("round trip", "accepted");
  }

  @Test
  void oneKdcOfTwoThatIsFrozenIsToldAndTheOtherServes() {
    var frozen = new CountDownLatch(1);
    try (var other = ScriptedKdc.serving((request, connection) -> frozen.await())) {
      KerberosConfig two =
          KerberosConfig.builder()
              .kdc(MitRealm.REALM, other.address(), realm.address())
              .kdcTimeout(Duration.ofSeconds(5))
              .build();
      Diagnosis.of(builder().config(two).doctor())
          .warns("KDC " + other.address(), "did not answer within 3 s", "network policies")
          .isFine("KDC " + realm.address(), "answers from 127.0.0.1")
          .isFine("round trip", "accepted");
      frozen.countDown();
    }
  }

  @Test
  void aKdcThatLacksWhatAnotherHasIsTold() throws Exception {
    try (var replica = MitRealm.named("OTHER.EXAMPLE", directory.resolve("other"), "")) {
      KerberosConfig two =
          KerberosConfig.builder()
              .kdc(MitRealm.REALM, realm.address(), replica.address())
              .kdcTimeout(MitRealm.PATIENCE)
              .build();
      Diagnosis.of(builder().config(two).doctor())
          .warns("account", replica.address() + " says ", "Let the databases of the KDCs agree")
          .isFine("account", "known to the KDC");
    }
  }

  @Test
  void aCredentialCacheIsLookedAt() throws Exception {
    Diagnosis.of(
            KerberosIdentity.builder().credentialCache(cache()).krb5Conf(realm.krb5Conf()).doctor())
        .isFine("credential cache", "ticket-granting ticket until ")
        .isFine("ticket to oneself", "kvno 1")
        .saysNothingOf("round trip");
  }

  @Test
  void aCredentialCacheThatHasEndedIsNamed() throws Exception {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
    Diagnosis.of(builder().credentialCache(cache()).doctor(later))
        .fails("credential cache", "ended at ", "Log in into it again (kinit -c).")
        .isFine("KDC", "answers")
        .saysNothingOf("ticket to oneself");
  }

  @Test
  void aTicketThatCannotBeRenewedIsDescribedSo() throws Exception {
    realm.modify(ORDERS, "-maxrenewlife", "0");
    examined().isFine("login", "not renewable");
  }

  @Test
  void aTypeOfKeyThatIsRetiredIsToldOfTheRealm() throws Exception {
    realm.kadmin("cpw", "-randkey", "-e", "arcfour-hmac:normal", "krbtgt/" + MitRealm.REALM);
    examined().warns("key of the realm", "arcfour-hmac (23), which is retired", "kadmin: cpw");
  }

  private Path cache() throws IOException, InterruptedException {
    Map<String, String> environment = realm.login(ORDERS, keytab);
    Path file = CredentialCacheFile.path(environment.get("KRB5CCNAME"));
    return Files.copy(file, directory.resolve("cache"), StandardCopyOption.REPLACE_EXISTING);
  }

  private Diagnosis examined() {
    return Diagnosis.of(builder().doctor());
  }

  private KerberosIdentityBuilder builder() {
    return KerberosIdentity.builder()
        .principal(OWN)
        .keytab(keytab)
        .config(
            KerberosConfig.builder()
                .kdc(MitRealm.REALM, realm.address())
                .kdcTimeout(MitRealm.PATIENCE)
                .build());
  }
}
