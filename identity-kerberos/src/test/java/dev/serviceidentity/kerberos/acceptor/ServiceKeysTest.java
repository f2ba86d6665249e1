// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.keytab.KeyVersion;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceKeysTest {
  @Test
  void keysAreInNoText() {
    var owner = PrincipalName.parse("a/b@R");
    var entry = new KeytabEntry(owner, Instant.EPOCH, KeyVersion.of(3), 17, new byte[16]);
    var keys = new ServiceKeys(List.of(entry), Instant.EPOCH);
    assertThat(keys.toString()).isEqualTo("ServiceKeys[a/b@R] with 1 keys");
  }
}
