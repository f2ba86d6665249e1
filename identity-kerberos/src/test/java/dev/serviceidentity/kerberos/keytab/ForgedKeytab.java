// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.Der;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes keytabs of MIT's version 2. */
public final class ForgedKeytab {
  private ForgedKeytab() {}

  public static byte[] of(List<KeytabEntry> entries) {
    var file = new ByteArrayOutputStream();
    file.writeBytes(Der.bytes("0502"));
    try {
      for (KeytabEntry entry : entries) {
        byte[] bytes = bytes(entry);
        new DataOutputStream(file).writeInt(bytes.length);
        file.writeBytes(bytes);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return file.toByteArray();
  }

  private static byte[] bytes(KeytabEntry entry) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    PrincipalName principal = entry.principal();
    out.writeShort(principal.components().size());
    counted(out, principal.realm().getBytes(StandardCharsets.ISO_8859_1));
    for (String component : principal.components()) {
      counted(out, component.getBytes(StandardCharsets.ISO_8859_1));
    }
    out.writeInt(1);
    out.writeInt((int) entry.written().getEpochSecond());
    out.writeByte((int) entry.kvno());
    out.writeShort(entry.etype());
    counted(out, entry.key());
    if (!entry.version().lowBitsOnly()) {
      out.writeInt((int) entry.kvno());
    }
    return bytes.toByteArray();
  }

  private static void counted(DataOutputStream out, byte[] content) throws IOException {
    out.writeShort(content.length);
    out.write(content);
  }
}
