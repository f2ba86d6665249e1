// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.KerberosIdentityBuilder;
import dev.serviceidentity.kerberos.TestRealms;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.TicketLife;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An identity that follows the credential cache of somebody else. */
class CacheLoginsTest {
  private static final Target STOCK = Target.of(URI.create("http://stock.shop"));
  private static final TicketLife HOUR = TicketLife.of(Duration.ofHours(1));

  @TempDir Path directory;
  private final EmbeddedKdc kdc = EmbeddedKdc.start("CACHE.EXAMPLE");
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private Path cache;

  @BeforeEach
  void add() {
    kdc.principal("HTTP/stock.shop");
    kdc.principal("web");
    kdc.principal("batch");
    cache = kdc.ticket(directory.resolve("ccache"), "web", HOUR);
  }

  @AfterEach
  void close() {
    kdc.close();
  }

  @Test
  void itsTicketsMakeTokensAndItsOwnerIsTheIdentity() {
    try (var web = builder().open()) {
      assertThat(web.current().principal()).hasToString("kerberos:web@CACHE.EXAMPLE");
      assertThat(web.credentialsFor(STOCK)).isNotNull();
    }
  }

  @Test
  void aCacheThatIsReplacedWhileInUseIsFollowed() throws Exception {
    try (var web = builder().open()) {
      listen(web);
      Instant before = web.current().expiresAt();
      kdc.ticket(cache, "web", TicketLife.of(Duration.ofHours(2)));
      assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo("rotated to 2");
      assertThat(web.current().expiresAt()).isAfter(before);
      assertThat(web.credentialsFor(STOCK)).isNotNull();
    }
  }

  @Test
  void aCacheOfSomebodyElseOrOfNobodyIsToldAndTheTicketInUseServesOn() throws Exception {
    try (var web = builder().open()) {
      listen(web);
      kdc.ticket(cache, "batch", HOUR);
      assertThat(heard.poll(60, TimeUnit.SECONDS)).contains("is of batch@CACHE.EXAMPLE");
      assertThat(web.health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(web.credentialsFor(STOCK)).isNotNull();
      heard.clear();
      kdc.ticket(cache, "web", TicketLife.of(Duration.ofHours(2)));
      String said = heard.poll(60, TimeUnit.SECONDS);
      while (said != null && !said.startsWith("rotated")) {
        said = heard.poll(60, TimeUnit.SECONDS);
      }
      assertThat(said).isEqualTo("rotated to 2");
      assertThat(web.health().status()).isEqualTo(Health.Status.UP);
    }
  }

  @Test
  void aCacheThatHasEndedOrIsMissingOpensNothingAndSaysWhatToDo() throws IOException {
    kdc.ticket(cache, "web", HOUR, Instant.now().minus(Duration.ofHours(2)));
    fails(Code.EXPIRED, "kinit -c");
    fails(builder().principal("batch@CACHE.EXAMPLE"), Code.CONFIGURATION, "is of web@");
    Files.delete(cache);
    fails(Code.CONFIGURATION, "does not exist");
  }

  @Test
  void withoutAKeytabCallersAreRefusedAndWithOneTheyAreVerified() {
    try (var web = builder().open()) {
      var caller = TestRealms.evidence(kdc.credentials("batch", "web"));
      var seen = (Verification.Rejected) web.callers().verify(caller);
      assertThat(seen.reason()).isEqualTo(KerberosRejection.NO_KEY);
      assertThat(web.callers().claims(caller)).isTrue();
    }
    Path keytab = kdc.keytab(directory.resolve("keytab"), "web");
    try (var web = builder().principal("web@CACHE.EXAMPLE").keytab(keytab).open()) {
      // Tickets count whole seconds, and tokens of before the opening are refused.
      var caller = TestRealms.evidence(web.credentialsFor(STOCK.servicePrincipal("web")));
      assertThat(web.callers().verify(caller)).isInstanceOf(Verification.Verified.class);
    }
  }

  @Test
  void whatContradictsItselfIsNotGuessedAt() {
    fails(builder().acceptOnly(), Code.CONFIGURATION, "acceptOnly()");
    fails(builder().jgssInitiator(), Code.CONFIGURATION, "jgssInitiator()");
  }

  private void listen(KerberosIdentity web) {
    web.subscribe(
        new IdentityListener() {
          @Override
          public void onRotated(IdentitySnapshot current) {
            heard.add("rotated to " + current.generation());
          }

          @Override
          public void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {
            heard.add(String.valueOf(cause.getMessage()));
          }
        });
  }

  private void fails(Code code, String words) {
    fails(builder(), code, words);
  }

  private static void fails(KerberosIdentityBuilder builder, Code code, String words) {
    assertThatThrownBy(builder::open)
        .isInstanceOfSatisfying(
            IdentityException.class, thrown -> assertThat(thrown.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  private KerberosIdentityBuilder builder() {
    return KerberosIdentity.builder()
        .credentialCache(cache)
        .krb5Conf(kdc.krb5Conf())
        .openTimeout(Duration.ofMinutes(1));
  }
}
