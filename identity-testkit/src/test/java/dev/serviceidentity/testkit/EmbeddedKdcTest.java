// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.client.KrbClient;
import org.apache.kerby.kerberos.kerb.client.KrbConfig;
import org.apache.kerby.kerberos.kerb.keytab.Keytab;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKdcTest {
  @TempDir Path directory;

  @Test
  void aClientLogsInFromAnExportedKeytab() throws KrbException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      String web = kdc.principal("web");
      Path keytab = kdc.keytab(directory.resolve("web.keytab"), "web");
      var tgt = client(kdc).requestTgt(web, keytab.toFile());
      assertThat(tgt.getClientPrincipal().getName()).isEqualTo("web@SHOP.EXAMPLE");
    }
  }

  @Test
  void aClientLogsInWithAPassword() throws KrbException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      String alice = kdc.principal("alice", "open sesame");
      assertThat(client(kdc).requestTgt(alice, "open sesame")).isNotNull();
    }
  }

  @Test
  void keysAreAesOnlyAndNewOnesHaveANewVersion() throws IOException {
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      String web = kdc.principal("web");
      Path file = kdc.keytab(directory.resolve("web.keytab"), "web");
      kdc.rotateKeys("web");
      kdc.keytab(file, "web");
      var entries = Keytab.loadKeytab(file.toFile()).getKeytabEntries(new PrincipalName(web));
      assertThat(entries)
          .extracting(entry -> entry.getKey().getKeyType())
          .containsOnly(
              EncryptionType.AES256_CTS_HMAC_SHA1_96, EncryptionType.AES128_CTS_HMAC_SHA1_96);
      assertThat(entries).extracting(entry -> entry.getKvno()).containsOnly(1, 2);
    }
  }

  @Test
  void noSystemPropertyIsTouched() {
    String before = System.getProperty("java.security.krb5.conf");
    try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
      assertThat(System.getProperty("java.security.krb5.conf")).isEqualTo(before);
      assertThat(kdc.krb5Conf()).content().contains("default_realm = SHOP.EXAMPLE");
    }
    assertThat(System.getProperty("java.security.krb5.conf")).isEqualTo(before);
  }

  @Test
  void severalRunSideBySide() throws KrbException {
    try (var one = EmbeddedKdc.start("ONE.EXAMPLE");
        var other = EmbeddedKdc.start("OTHER.EXAMPLE")) {
      String first = one.principal("web", "open sesame");
      String second = other.principal("web", "open sesame");
      var tgt = client(one).requestTgt(first, "open sesame");
      assertThat(tgt.getClientPrincipal().getName()).isEqualTo("web@ONE.EXAMPLE");
      tgt = client(other).requestTgt(second, "open sesame");
      assertThat(tgt.getClientPrincipal().getName()).isEqualTo("web@OTHER.EXAMPLE");
    }
  }

  @Test
  void closingStopsTheServerAndDeletesItsFiles() {
    var kdc = EmbeddedKdc.start("SHOP.EXAMPLE");
    kdc.close();
    kdc.close();
    assertThat(Files.exists(kdc.krb5Conf().getParent())).isFalse();
    assertThatThrownBy(() -> new Socket(kdc.address().getAddress(), kdc.address().getPort()))
        .isInstanceOf(ConnectException.class);
  }

  private static KrbClient client(EmbeddedKdc kdc) throws KrbException {
    var client = new KrbClient(new KrbConfig());
    client.setKdcRealm(kdc.realm());
    client.setKdcHost("127.0.0.1");
    client.setAllowUdp(false);
    client.setKdcTcpPort(kdc.address().getPort());
    client.init();
    return client;
  }
}
