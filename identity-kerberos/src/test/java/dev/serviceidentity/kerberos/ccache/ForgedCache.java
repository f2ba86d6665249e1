// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes credential caches of versions 3 and 4. */
final class ForgedCache {
  static final PrincipalName CLIENT = PrincipalName.parse("HTTP/orders.shop@SHOP.EXAMPLE");
  static final PrincipalName GRANTING = PrincipalName.parse("krbtgt/SHOP.EXAMPLE@SHOP.EXAMPLE");
  static final PrincipalName STOCK = PrincipalName.parse("HTTP/stock.shop@SHOP.EXAMPLE");
  static final byte[] SEALED = {0x61, 3, 1, 2, 3};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final int version;

  /** Of a version, with the header fields that are written as hexadecimal digits. */
  ForgedCache(int version, byte[] header) {
    this.version = version;
    write(
        () -> {
          out.writeShort(0x0500 | version);
          if (version == 4) {
            out.writeShort(header.length);
            out.write(header);
          }
          principal(CLIENT);
        });
  }

  ForgedCache(int version) {
    this(version, new byte[0]);
  }

  /** The usual: a ticket-granting ticket, and one for a service. */
  static byte[] usual(int version) {
    return new ForgedCache(version)
        .add(new Entry(GRANTING))
        .config("fast_avail", "yes")
        .add(new Entry(STOCK).etype(17, 16))
        .bytes();
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  ForgedCache config(String name, String value) {
    var service =
        new PrincipalName(
            java.util.List.of("krb5_ccache_conf_data", name, GRANTING.toString()), "X-CACHECONF:");
    var entry = new Entry(service).etype(0, 0).times(0, 0, 0, 0);
    entry.flags = 0;
    entry.sealed = value.getBytes(StandardCharsets.US_ASCII);
    return add(entry);
  }

  ForgedCache add(Entry entry) {
    write(
        () -> {
          principal(CLIENT);
          principal(entry.service);
          out.writeShort(entry.etype);
          if (version == 3) {
            out.writeShort(entry.secondType < 0 ? entry.etype : entry.secondType);
          }
          data(entry.key);
          for (int time : entry.times) {
            out.writeInt(time);
          }
          out.writeByte(entry.toUser ? 1 : 0);
          out.writeInt(entry.flags);
          out.writeInt(1);
          out.writeShort(2);
          data(new byte[] {127, 0, 0, 1});
          out.writeInt(1);
          out.writeShort(1);
          data(new byte[] {9, 9});
          data(entry.sealed);
          data(entry.toUser ? SEALED : new byte[0]);
        });
    return this;
  }

  private void principal(PrincipalName name) throws IOException {
    out.writeInt(1);
    out.writeInt(name.components().size());
    data(name.realm().getBytes(StandardCharsets.ISO_8859_1));
    for (String component : name.components()) {
      data(component.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void data(byte[] content) throws IOException {
    out.writeInt(content.length);
    out.write(content);
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** A credential, of which a test changes what it is about. */
  static final class Entry {
    final PrincipalName service;
    int etype = 18;
    int secondType = -1;
    byte[] key = new byte[32];
    int[] times = {1000, 1001, 2000, 3000};
    boolean toUser;
    int flags = 0x40e10000;
    byte[] sealed = SEALED;

    Entry(PrincipalName service) {
      this.service = service;
    }

    Entry etype(int number, int keyLength) {
      etype = number;
      key = new byte[keyLength];
      return this;
    }

    Entry times(int... authStartEndRenew) {
      times = authStartEndRenew;
      return this;
    }
  }
}
