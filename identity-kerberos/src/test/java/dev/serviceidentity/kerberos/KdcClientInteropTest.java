// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabKeys;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against MIT's KDC. */
class KdcClientInteropTest {
  private static final PrincipalName ORDERS = PrincipalName.parse("orders@MIT.EXAMPLE");
  private static final PrincipalName STOCK = PrincipalName.parse("HTTP/stock.shop@MIT.EXAMPLE");
  private static final String ALL_TYPES =
      "aes256-sha2:normal,aes128-sha2:normal,aes256-cts:normal,aes128-cts:normal";

  @TempDir private Path directory;
  private MitRealm realm;

  @BeforeEach
  void start() throws Exception {
    realm = MitRealm.in(directory);
  }

  @AfterEach
  void stop() {
    if (realm != null) {
      realm.close();
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void logsInAndGetsTicketsWithKeysOfEachType(KeyType type) throws Exception {
    Path keytab = realm.principal("orders", "+requires_preauth", "-e", ALL_TYPES);
    String name = KeyType.describe(type.number()).replaceAll(" .*", "");
    realm.sessions("krbtgt/MIT.EXAMPLE", name);
    realm.service("HTTP/stock.shop", name);
    KdcClient client = client(Clock.systemUTC());

    Ticket granting = client.login(ORDERS, KeytabKeys.of(keytab).only(type));
    Ticket ticket = client.ticket(granting, STOCK);

    assertThat(granting.sessionKey().type()).isEqualTo(type);
    assertThat(granting.flags()).contains(TicketFlag.PRE_AUTHENTICATED, TicketFlag.INITIAL);
    assertThat(ticket.sessionKey().type()).isEqualTo(type);
    assertThat(ticket.service()).isEqualTo(STOCK);
    assertThat(ticket.client()).isEqualTo(ORDERS);
    assertThat(client.clockOffset()).isZero();
  }

  /** The session may be of another type than the keys, which the KDC has to be offered too. */
  @Test
  void logsInWithKeysOfATypeThatTheKdcsOwnPrincipalHasNot() throws Exception {
    String sha2 = "aes256-cts-hmac-sha384-192";
    Path keytab = realm.principal("modern", "+requires_preauth", "-e", sha2 + ":normal");
    realm.sessions("krbtgt/MIT.EXAMPLE", "aes256-cts-hmac-sha1-96");
    PrincipalName modern = PrincipalName.parse("modern@MIT.EXAMPLE");

    Ticket granting = client(Clock.systemUTC()).login(modern, KeytabKeys.of(keytab));

    assertThat(granting.sessionKey().type()).isEqualTo(KeyType.AES256_SHA1);
  }

  @Test
  void logsInWithoutPreAuthenticationWhereTheKdcWantsNone() throws Exception {
    Path keytab = realm.principal("orders");

    Ticket granting = client(Clock.systemUTC()).login(ORDERS, KeytabKeys.of(keytab));

    assertThat(granting.flags()).doesNotContain(TicketFlag.PRE_AUTHENTICATED);
  }

  @Test
  void asksASecondTimeWithWhatTheKdcWantedTheFirstTime() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders", "+requires_preauth"));
    KdcClient client = client(Clock.systemUTC());

    client.login(ORDERS, keys);
    client.login(ORDERS, keys);
    client.login(ORDERS, keys);

    assertThat(realm.log().split("NEEDED_PREAUTH: orders")).hasSize(2);
    assertThat(realm.log().split("ISSUE: .* orders@")).hasSize(4);
  }

  @Test
  void keepsUpWhenTheTypesOfTheKeysChange() throws Exception {
    Path keytab =
        realm.principal("orders", "+requires_preauth", "-e", "aes256-cts:normal,aes128-cts:normal");
    KdcClient client = client(Clock.systemUTC());
    client.login(ORDERS, KeytabKeys.of(keytab));
    realm.rotate("orders", keytab, "-e", "aes128-cts:normal");

    assertThat(client.login(ORDERS, KeytabKeys.of(keytab)).client()).isEqualTo(ORDERS);
  }

  @Test
  void renewsATicket() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders", "+requires_preauth"));
    KdcClient client = client(Clock.systemUTC());
    Ticket granting = client.login(ORDERS, keys);
    assertThat(granting.renewableUntil().orElseThrow())
        .isEqualTo(granting.life().authenticatedAt().plus(Duration.ofDays(7)));

    Ticket renewed = client.renew(granting);

    assertThat(renewed.service()).isEqualTo(granting.service());
    assertThat(renewed.flags()).contains(TicketFlag.RENEWABLE);
    assertThat(renewed.sealed()).isNotEqualTo(granting.sealed());
    assertThat(client.ticket(renewed, ORDERS).service()).isEqualTo(ORDERS);
  }

  @Test
  void saysThatATicketCannotBeRenewed() throws Exception {
    Path keytab = realm.principal("orders", "-maxrenewlife", "0");
    KdcClient client = client(Clock.systemUTC());
    Ticket granting = client.login(ORDERS, KeytabKeys.of(keytab));

    fails(Code.CONFIGURATION, "max_renewable_life", () -> client.renew(granting));
  }

  @Test
  void correctsAClockThatIsWrong() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders", "+requires_preauth"));
    for (Duration wrong : new Duration[] {Duration.ofMinutes(-3), Duration.ofMinutes(20)}) {
      KdcClient client = client(Clock.offset(Clock.systemUTC(), wrong));

      Ticket granting = client.login(ORDERS, keys);

      assertThat(client.clockOffset().plus(wrong).abs()).isLessThan(Duration.ofSeconds(5));
      assertThat(client.ticket(granting, ORDERS).service()).isEqualTo(ORDERS);
    }
  }

  @Test
  void doesNotCorrectAClockByDays() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders", "+requires_preauth"));
    KdcClient client = client(Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)));

    fails(Code.REFUSED, "KRB_AP_ERR_SKEW (37)", () -> client.login(ORDERS, keys));
    fails(Code.REFUSED, "Synchronise the clock", () -> client.login(ORDERS, keys));
  }

  @Test
  void correctsTheClockOnTheWayToAService() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders"));
    Ticket granting = client(Clock.systemUTC()).login(ORDERS, keys);
    KdcClient other = client(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(20)));

    Ticket ticket;
    do { // In the second of the login, a ticket's start does not tell whether it is the KDC's now.
      ticket = other.ticket(granting, ORDERS);
      assertThat(ticket.service()).isEqualTo(ORDERS);
    } while (!ticket.life().startsAt().isAfter(granting.life().startsAt()));
    assertThat(other.clockOffset()).isLessThan(Duration.ofMinutes(-19));
  }

  @Test
  void saysWhatTheKdcDoesNotKnow() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders"));
    KdcClient client = client(Clock.systemUTC());
    PrincipalName nobody = PrincipalName.parse("nobody@MIT.EXAMPLE");
    Ticket granting = client.login(ORDERS, keys);

    fails(Code.REFUSED, "Add the principal nobody@MIT.EXAMPLE", () -> client.login(nobody, keys));
    fails(Code.REFUSED, "KDC_ERR_S_PRINCIPAL_UNKNOWN (7)", () -> client.ticket(granting, STOCK));
    fails(Code.REFUSED, realm.address(), () -> client.ticket(granting, STOCK));
  }

  @Test
  void saysThatAPrincipalIsDisabledOrTheKeyChanged() throws Exception {
    Path keytab = realm.principal("orders", "+requires_preauth");
    KeytabKeys old = KeytabKeys.of(keytab);
    realm.rotate("orders", directory.resolve("elsewhere.keytab"));
    fails(
        Code.REFUSED, "KDC_ERR_PREAUTH_FAILED", () -> client(Clock.systemUTC()).login(ORDERS, old));
    fails(Code.REFUSED, "write a new keytab", () -> client(Clock.systemUTC()).login(ORDERS, old));
    realm.modify("orders", "-requires_preauth");
    fails(Code.REFUSED, "does not open", () -> client(Clock.systemUTC()).login(ORDERS, old));
    realm.modify("orders", "-allow_tix");
    fails(Code.REFUSED, "must release it", () -> client(Clock.systemUTC()).login(ORDERS, old));
  }

  @Test
  void gathersTicketsOfAnotherRealmByReferralAndByName() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    try (var home = MitRealm.named("HOME.EXAMPLE", elsewhere, ".shop = MIT.EXAMPLE")) {
      home.enter(realm);
      realm.enter(home);
      realm.principal("HTTP/stock.shop");
      KeytabKeys keys = KeytabKeys.of(home.principal("batch", "+requires_preauth"));
      var client = client(config().kdc("HOME.EXAMPLE", home.address()).build(), Clock.systemUTC());
      PrincipalName batch = PrincipalName.parse("batch@HOME.EXAMPLE");
      Ticket granting = client.login(batch, keys);

      Ticket named = client.ticket(granting, STOCK);
      Ticket referred =
          client.ticket(granting, PrincipalName.parse("HTTP/stock.shop@HOME.EXAMPLE"));

      assertThat(named.service()).isEqualTo(STOCK);
      assertThat(referred.service()).isEqualTo(STOCK);
      assertThat(referred.client()).isEqualTo(batch);
      assertThat(referred.flags()).contains(TicketFlag.TRANSITED_POLICY_CHECKED);
    }
  }

  @Test
  void walksOverTheRealmsThatItWasTold() throws Exception {
    try (var home = MitRealm.named("HOME.EXAMPLE", directory.resolve("home"), "");
        var middle = MitRealm.named("MIDDLE.EXAMPLE", directory.resolve("middle"), "")) {
      home.enter(middle);
      middle.enter(realm);
      realm.principal("HTTP/stock.shop");
      KerberosConfig config =
          config()
              .kdc("HOME.EXAMPLE", home.address())
              .kdc("MIDDLE.EXAMPLE", middle.address())
              .path("HOME.EXAMPLE", MitRealm.REALM, "MIDDLE.EXAMPLE")
              .build();
      KeytabKeys keys = KeytabKeys.of(home.principal("batch"));
      KdcClient client = client(config, Clock.systemUTC());
      Ticket granting = client.login(PrincipalName.parse("batch@HOME.EXAMPLE"), keys);

      // MIT's KDC knows no way over MIDDLE, and says so: the client has walked it.
      fails(
          Code.REFUSED, "MIT.EXAMPLE at " + realm.address(), () -> client.ticket(granting, STOCK));
    }
  }

  @Test
  void asksTheNextKdcIfOneIsDown() throws Exception {
    KeytabKeys keys = KeytabKeys.of(realm.principal("orders"));
    var config = KerberosConfig.builder().kdc(MitRealm.REALM, "127.0.0.1:1", realm.address());

    Ticket granting = client(config.build(), Clock.systemUTC()).login(ORDERS, keys);

    assertThat(granting.client()).isEqualTo(ORDERS);
  }

  private KerberosConfig.Builder config() {
    return KerberosConfig.builder()
        .kdc(MitRealm.REALM, realm.address())
        .kdcTimeout(MitRealm.PATIENCE);
  }

  private KdcClient client(Clock clock) {
    return client(config().build(), clock);
  }

  private static KdcClient client(KerberosConfig config, Clock clock) {
    return new KdcClient(config, new RandomOctets(new SecureRandom()), clock);
  }

  private interface Attempt {
    Ticket run() throws IOException;
  }

  private static void fails(Code code, String words, Attempt attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            IdentityException.class,
            failure -> assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
