// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.ccache.CredentialCache;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.file.FileMark;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.ticket.TicketFlag;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credential caches that MIT's programs have written. */
class CredentialCacheInteropTest {
  @TempDir static Path directory;

  @Test
  void theCacheOfMitKinitIsReadAndFollowed() throws Exception {
    try (MitRealm realm = MitRealm.in(directory)) {
      Path keytab = realm.principal("web");
      realm.principal("HTTP/stock.test");
      Map<String, String> environment = realm.login("web", keytab);
      Path path = CredentialCacheFile.path(environment.get("KRB5CCNAME"));
      var file = new CredentialCacheFile(path, new Workshop());
      FileMark before = file.mark();

      CredentialCache cache = file.read();
      assertThat(cache.client()).hasToString("web@" + MitRealm.REALM);
      assertThat(cache.leftOut()).isEmpty();
      assertThat(cache.clockOffset().abs()).isLessThan(Duration.ofSeconds(30));
      assertThat(cache.tickets()).hasSize(1);
      Ticket granting = cache.tickets().get(0);
      assertThat(granting.service()).hasToString("krbtgt/MIT.EXAMPLE@MIT.EXAMPLE");
      assertThat(granting.sessionKey().type()).isEqualTo(KeyType.AES256_SHA1);
      assertThat(granting.flags()).contains(TicketFlag.INITIAL);
      assertThat(granting.life().endsAt()).isAfter(Instant.now());

      RealProgram.required("kvno", "krb5-user").run(environment, directory, "HTTP/stock.test");
      assertThat(file.mark()).isNotEqualTo(before);
      assertThat(file.read().tickets())
          .extracting(ticket -> ticket.service().toString())
          .containsExactly("krbtgt/MIT.EXAMPLE@MIT.EXAMPLE", "HTTP/stock.test@MIT.EXAMPLE");
    }
  }
}
