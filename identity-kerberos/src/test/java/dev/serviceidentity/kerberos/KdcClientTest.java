// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabKeys;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.testkit.EmbeddedKdc;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a KDC of another make than MIT's. */
class KdcClientTest {
  @TempDir private Path directory;

  @Test
  void logsInAndGetsTickets() {
    try (var kdc = EmbeddedKdc.start("KERBY.EXAMPLE")) {
      kdc.principal("orders");
      kdc.principal("HTTP/stock.shop");
      KeytabKeys keys = KeytabKeys.of(kdc.keytab(directory.resolve("keytab"), "orders"));
      var config =
          KerberosConfig.builder()
              .kdc(kdc.realm(), "127.0.0.1:" + kdc.address().getPort())
              .kdcTimeout(Duration.ofMinutes(1))
              .build();
      var client = new KdcClient(config, new RandomOctets(new SecureRandom()), Clock.systemUTC());

      Ticket granting = client.login(PrincipalName.parse("orders@KERBY.EXAMPLE"), keys);
      Ticket ticket = client.ticket(granting, PrincipalName.parse("HTTP/stock.shop@KERBY.EXAMPLE"));

      assertThat(ticket.service().name()).isEqualTo("HTTP/stock.shop");
      assertThat(ticket.client().name()).isEqualTo("orders");
      assertThat(client.clockOffset()).isZero();
    }
  }
}
