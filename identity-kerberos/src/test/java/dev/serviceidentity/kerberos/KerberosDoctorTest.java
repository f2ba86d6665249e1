// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.kdc.DeafPort;
import dev.serviceidentity.kerberos.kdc.ScriptedKdc;
import dev.serviceidentity.kerberos.keytab.ForgedKeytab;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.testkit.TestClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a doctor finds without any KDC that works. */
@Timeout(180)
class KerberosDoctorTest {
  private static final String OWN = "HTTP/orders.shop@SHOP.EXAMPLE";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final InetSocketAddress NO_KDC = InetSocketAddress.createUnresolved("none", 88);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final TestClock clock = TestClock.at(NOW);
  private final DeafPort nobody = DeafPort.any();

  @TempDir Path directory;
  private Path keytab;

  @BeforeEach
  void writeKeytab() throws IOException {
    keytab = keytab(entry(OWN, 3, 18, NOW.minus(Duration.ofDays(12))));
  }

  @AfterEach
  void close() {
    nobody.close();
  }

  @Test
  void aKeytabThatIsNotThereKeepsNothingElseFromBeingLookedAt() throws IOException {
    Files.delete(keytab);

    accepting()
        .fails("keytab", "does not exist", "Check the path and that the volume is mounted.")
        .isFine("KDC", "acceptOnly()");
    Diagnosis.of(builder().config(nobody()).doctor(clock))
        .fails("keytab", "does not exist", "the volume is mounted")
        .fails("KDC 127.0.0.1", "refused the connection", "network policies");
  }

  @Test
  void aKeytabOfGarbageIsNamed() throws IOException {
    Files.writeString(keytab, "not a keytab");
    accepting()
        .fails(
            "keytab", keytab + " of " + OWN + " cannot be used: it starts with 6e6f", "Write it");
  }

  @Test
  void anEmptyKeytabIsNamed() throws IOException {
    Files.write(keytab, new byte[0]);
    accepting().fails("keytab", "is empty", "Write it anew (kadmin: ktadd -k).");
  }

  @Test
  void aDirectoryInPlaceOfTheKeytabIsNamed() {
    Diagnosis.of(builder().keytab(directory).acceptOnly().doctor(clock))
        .fails("keytab", "is a directory", "Name the file in it with keytab(...).");
  }

  @Test
  void aKeytabOfSomebodyElseIsShownWithWhatItHas() {
    Diagnosis.of(
            KerberosIdentity.builder()
                .principal("HTTP/stock.shop@SHOP.EXAMPLE")
                .keytab(keytab)
                .acceptOnly()
                .doctor(clock))
        .isFine("keytab", "1 key of 1 principal")
        .isFine("keys of " + OWN, "kvno 3")
        .fails(
            "keytab",
            "has no key for HTTP/stock.shop@SHOP.EXAMPLE; it has '" + OWN + "'",
            "Open the identity as one of those");
  }

  @Test
  void retiredTypesAloneAreOfNoUse() throws IOException {
    keytab = keytab(entry(OWN, 3, 23, NOW));
    accepting()
        .warns("keys of", "kvno 3 of arcfour-hmac (23)", "Take them away, in the KDC too")
        .fails("keytab", "arcfour-hmac (23) only", "Give the principal AES keys in the KDC");
  }

  @Test
  void aKeytabThatEverybodyCanReadIsTold() throws IOException {
    Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-r--r--"));
    accepting()
        .warns(
            "keytab",
            "can be read by every user of this machine, and whoever reads it is this service",
            "Take the right away (chmod 0400, or defaultMode: 0400 of a Kubernetes volume).");
  }

  @Test
  void versionsTypesAndAgeOfKeysAreShown() throws IOException {
    keytab =
        keytab(
            entry(OWN, 2, 18, NOW.minus(Duration.ofDays(200))),
            entry(OWN, 3, 18, NOW.minus(Duration.ofDays(12))),
            entry(OWN, 3, 17, NOW.minus(Duration.ofDays(12))));
    assertThat(accepting().the(Severity.OK, "keys of").detail())
        .isEqualTo(
            "kvno 3 of aes256-cts-hmac-sha1-96 (18), aes128-cts-hmac-sha1-96 (17);"
                + " kvno 2 of aes256-cts-hmac-sha1-96 (18), the newest written 12 d ago");
  }

  @Test
  void anOldKeyIsToldWithItsAge() throws IOException {
    keytab = keytab(entry(OWN, 3, 18, NOW.minus(Duration.ofDays(91))));
    accepting().warns("keys of", "written 91 d ago, which is more than 90 d", "kadmin: ktadd -k");
  }

  @Test
  void aKeyOfTheFutureSpeaksOfTheClock() throws IOException {
    keytab = keytab(entry(OWN, 3, 18, NOW.plus(Duration.ofHours(2))));
    accepting().isFine("keys of", "written 2 h from now, by this host's clock");
  }

  @Test
  void whoNamesNothingIsToldWhatToName() {
    Diagnosis.of(KerberosIdentity.builder().acceptOnly().doctor(clock))
        .fails("keytab", "has no principal", "Name it with principal(...)");
    Diagnosis.of(KerberosIdentity.builder().principal(OWN).acceptOnly().doctor(clock))
        .fails("keytab", "has no keytab", "Name it with keytab(...)");
  }

  @Test
  void aRealmWithoutKdcsIsNamed() {
    Diagnosis.of(builder().config(KerberosConfig.builder().build()).doctor(clock))
        .fails("KDC", "no KDC of the realm 'SHOP.EXAMPLE' is known", "Name one, with");
  }

  @Test
  void aKrb5ConfThatIsNotThereIsNamed() {
    Diagnosis.of(builder().krb5Conf(directory.resolve("none.conf")).doctor(clock))
        .isFine("keys of", "kvno 3")
        .fails("configuration", directory + "/none.conf", "");
  }

  @Test
  void whatHasNoEffectInAKrb5ConfIsToldWithItsLine() throws IOException {
    Path conf = directory.resolve("krb5.conf");
    Files.writeString(
        conf,
        """
        [libdefaults]
        allow_weak_crypto = true
        [realms]
        SHOP.EXAMPLE = {
          kdc = 127.0.0.1:1
        }
        """);
    Diagnosis.of(builder().krb5Conf(conf).doctor(clock))
        .isFine("configuration", conf.toString())
        .warns("configuration", conf + ":2: ", "Take the line away, or mend it.")
        .fails("KDC 127.0.0.1:1", "refused the connection", "Check that a KDC runs there");
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    Diagnosis.of(
            builder()
                .config(KerberosConfig.builder().kdc("SHOP.EXAMPLE", "kdc.invalid").build())
                .doctor(clock))
        .fails("KDC kdc.invalid:88", "", "Check that a KDC runs there");
  }

  @Test
  void aFrozenKdcIsLeftInTime() {
    var frozen = new CountDownLatch(1);
    try (var kdc = ScriptedKdc.serving((request, connection) -> frozen.await())) {
      KerberosConfig hasty = config(kdc.address()).kdcTimeout(SHORT).build();
      Diagnosis.of(builder().config(hasty).doctor(clock))
          .fails("KDC " + kdc.address(), "did not answer within 300 ms", "network policies")
          .saysNothingOf("login");
      frozen.countDown();
    }
  }

  @Test
  void whoeverIsNoKdcIsNamed() {
    try (var kdc = ScriptedKdc.answering(request -> "HTTP/1.1 400".getBytes(US_ASCII))) {
      Diagnosis.of(builder().config(at(kdc.address())).doctor(clock))
          .fails(
              "KDC " + kdc.address(),
              "answers what no KDC does (",
              "If that is no KDC of SHOP.EXAMPLE, somebody answers in its place.");
    }
  }

  @Test
  void theTimeIsLimitedAndWhatWasFoundIsTold() {
    try (var kdc = TroubledKdc.before(NO_KDC)) {
      kdc.wantProof(NOW);
      // Long enough for all that comes before the login.
      KerberosDoctor hasty =
          builder()
              .config(at(kdc.address()))
              .doctor(clock)
              .progress(found -> freezeOnceSeen(kdc, found))
              .within(Duration.ofSeconds(10));
      new Diagnosis(hasty.examine())
          .isFine("keytab", keytab.toString())
          .fails("time", "after 10 s", "what may hang");
    }
  }

  private static void freezeOnceSeen(TroubledKdc kdc, Finding found) {
    if (found.subject().startsWith("KDC")) {
      kdc.freeze();
    }
  }

  @Test
  void anInterruptEndsItAndStaysSet() {
    var frozen = new CountDownLatch(1);
    try (var kdc = ScriptedKdc.serving((request, connection) -> frozen.await())) {
      Thread.currentThread().interrupt();
      Diagnosis found = Diagnosis.of(builder().config(at(kdc.address())).doctor(clock));
      assertThat(Thread.interrupted()).isTrue();
      found.fails("time", "interrupted", "Look again.");
      frozen.countDown();
    }
  }

  @Test
  void eachFindingIsToldAtOnce() {
    var heard = new ArrayList<Finding>();
    SelfCheck found = builder().config(nobody()).doctor(clock).progress(heard::add).examine();
    assertThat(heard).isEqualTo(found.findings()).isNotEmpty();
  }

  @Test
  void aCredentialCacheThatIsNotThereIsNamed() {
    Path cache = directory.resolve("cache");
    Diagnosis.of(KerberosIdentity.builder().credentialCache(cache).config(nobody()).doctor(clock))
        .fails("credential cache", cache + " does not exist", "Log in with kinit");
    Diagnosis.of(
            KerberosIdentity.builder()
                .principal(OWN)
                .credentialCache(cache)
                .config(nobody())
                .doctor(clock))
        .fails("KDC", "refused the connection", "")
        .fails("credential cache", cache + " does not exist", "Log in with kinit");
  }

  @Test
  void noSecretIsTold() throws IOException {
    String secret = "s3cret-s3cret-s3cret-s3cret-1234";
    keytab =
        keytab(
            new KeytabEntry(
                PrincipalName.parse(OWN), NOW, KeyVersion.of(3), 18, secret.getBytes(US_ASCII)));
    assertThat(Diagnosis.of(builder().config(nobody()).doctor(clock)).found().render())
        .doesNotContain("s3cret");
  }

  @Test
  void aLimitIsPositiveAndAServiceIsAPrincipal() {
    KerberosDoctor doctor = builder().doctor(clock);
    assertThatThrownBy(() -> doctor.within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> doctor.calls("stock"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it has no '@' and realm");
  }

  private Diagnosis accepting() {
    return Diagnosis.of(builder().acceptOnly().doctor(clock));
  }

  private KerberosIdentityBuilder builder() {
    return KerberosIdentity.builder().principal(OWN).keytab(keytab);
  }

  private static KerberosConfig at(String kdc) {
    return config(kdc).build();
  }

  private static KerberosConfig.Builder config(String kdc) {
    return KerberosConfig.builder()
        .kdc("SHOP.EXAMPLE", kdc)
        .kdcTimeout(Diagnosis.PATIENCE.dividedBy(2));
  }

  private KerberosConfig nobody() {
    return at(nobody.address());
  }

  private Path keytab(KeytabEntry... entries) throws IOException {
    Path file = directory.resolve("orders.keytab");
    Files.write(file, ForgedKeytab.of(List.of(entries)));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static KeytabEntry entry(String principal, int kvno, int etype, Instant written) {
    byte[] key = ForgedToken.filled(etype == 18 ? 32 : 16, kvno);
    return new KeytabEntry(
        PrincipalName.parse(principal), written, KeyVersion.of(kvno), etype, key);
  }
}
