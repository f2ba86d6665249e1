// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.KerberosIdentityBuilder;
import dev.serviceidentity.kerberos.Runtimes;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.keytab.ForgedKeytab;
import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabKeys;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ForgedToken;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.EmbeddedKdc;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins while keytab and KDC, or their clocks, do not agree. */
class KeytabLoginsTest {
  private static final Target STOCK = Target.of(URI.create("http://stock.shop"));

  @TempDir Path directory;
  private final EmbeddedKdc kdc = EmbeddedKdc.start("KEYS.EXAMPLE");

  @AfterEach
  void close() {
    kdc.close();
  }

  @Test
  void aNewestKeyThatTheKdcDoesNotHaveYetIsSteppedOver() throws IOException {
    Path keytab = keytab();
    publish(keytab, 2, Instant.now());
    try (var web = builder(keytab).open()) {
      assertThat(web.credentialsFor(STOCK)).isNotNull();
      assertThat(web.health().status()).isEqualTo(Health.Status.UP);
      assertThat(web.health().detail()).contains("made with kvno 1, since kvno 2");
    }
  }

  @Test
  void noKeyBeforeTheLastButOneIsTriedAndTheNewestIsSpokenOf() throws IOException {
    Path keytab = keytab();
    publish(keytab, 2, Instant.now());
    publish(keytab, 3, Instant.now());
    assertThatThrownBy(builder(keytab)::open)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("write a new keytab");
  }

  @Test
  void whoSaysThatAKeyIsWrongWhichIsNotYoungGetsNoLoginWithARetiredOne() throws IOException {
    Path keytab = keytab();
    publish(keytab, 2, Instant.now().minus(Duration.ofDays(30)));
    assertThatThrownBy(builder(keytab)::open)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("write a new keytab");
  }

  @Test
  void keysThatAreRotatedInKdcAndKeytabFailNoCall() {
    Path keytab = keytab();
    try (var web = builder(keytab).open()) {
      web.credentialsFor(STOCK);
      kdc.rotateKeys("web");
      assertThat(web.credentialsFor(STOCK)).isNotNull();
      kdc.keytab(keytab, "web");
      kdc.principal("HTTP/other.shop");
      assertThat(web.credentialsFor(Target.of(URI.create("http://other.shop")))).isNotNull();
    }
    try (var web = builder(keytab).open()) {
      assertThat(web.health().detail()).doesNotContain("kvno");
    }
  }

  @Test
  void aClockThatIsThreeMinutesOffDoesNotMatter() {
    Path keytab = keytab();
    for (Duration off : List.of(Duration.ofMinutes(3), Duration.ofMinutes(-3))) {
      Clock wrong = Clock.offset(Clock.systemUTC(), off);
      try (var owned = Runtimes.with(wrong);
          var web = builder(keytab).open(owned.runtime())) {
        assertThat(web.credentialsFor(STOCK)).isNotNull();
        assertThat(web.current().isValidAt(wrong.instant())).isTrue();
        Duration left = Duration.between(wrong.instant(), web.current().expiresAt());
        assertThat(left).isBetween(Duration.ofHours(23), Duration.ofHours(24).plusSeconds(2));
      }
    }
  }

  @Test
  void aLoginHasTheKeysOfItsOwnVersionAndNoOther() {
    List<KeytabEntry> all = List.of(entry(2, 17), entry(1, 17), entry(1, 18));
    var keys = new LoginKeys(all, 2, new Workshop());

    assertThat(keys.types()).containsExactly(KeyType.AES128_SHA1);
    assertThat(keys.key(KeyType.AES128_SHA1).orElseThrow().bytes()).containsOnly(2);
    assertThat(keys.key(KeyType.AES256_SHA1)).isEmpty();
  }

  private static KeytabEntry entry(int kvno, int etype) {
    byte[] key = ForgedToken.filled(etype == 17 ? 16 : 32, kvno);
    var owner = PrincipalName.parse("web@KEYS.EXAMPLE");
    return new KeytabEntry(owner, Instant.EPOCH, KeyVersion.of(kvno), etype, key);
  }

  private Path keytab() {
    kdc.principal("HTTP/stock.shop");
    kdc.principal("web");
    return kdc.keytab(directory.resolve("web.keytab"), "web");
  }

  /** Adds a key that only the keytab has. */
  private static void publish(Path keytab, int kvno, Instant written) throws IOException {
    var entries = new ArrayList<>(KeytabKeys.entries(keytab));
    KeytabEntry like = entries.get(0);
    for (int etype = 17; etype <= 18; etype++) {
      byte[] key = ForgedToken.filled(etype == 17 ? 16 : 32, kvno);
      entries.add(new KeytabEntry(like.principal(), written, KeyVersion.of(kvno), etype, key));
    }
    Files.write(keytab, ForgedKeytab.of(entries));
  }

  private KerberosIdentityBuilder builder(Path keytab) {
    return KerberosIdentity.builder()
        .principal("web@KEYS.EXAMPLE")
        .keytab(keytab)
        .krb5Conf(kdc.krb5Conf())
        .openTimeout(Duration.ofMinutes(1));
  }
}
