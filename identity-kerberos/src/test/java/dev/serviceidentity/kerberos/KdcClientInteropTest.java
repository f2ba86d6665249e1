// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against MIT's KDC. */
class KdcClientInteropTest {
  @TempDir private Path directory;

  @Test
  void logsInAndGetsTickets() throws Exception {
    try (var realm = MitRealm.in(directory)) {
      KeytabKeys keys = KeytabKeys.of(realm.principal("orders", "+requires_preauth"));
      realm.principal("HTTP/stock.shop");
      var config = KerberosConfig.builder().kdc(MitRealm.REALM, realm.address()).build();
      var client = new KdcClient(config, new RandomOctets(new SecureRandom()), Clock.systemUTC());

      Ticket granting = client.login(PrincipalName.parse("orders@MIT.EXAMPLE"), keys);
      Ticket ticket = client.ticket(granting, PrincipalName.parse("HTTP/stock.shop@MIT.EXAMPLE"));

      assertThat(ticket.service().name()).isEqualTo("HTTP/stock.shop");
      assertThat(ticket.client().name()).isEqualTo("orders");
      assertThat(client.clockOffset()).isZero();
    }
  }
}
