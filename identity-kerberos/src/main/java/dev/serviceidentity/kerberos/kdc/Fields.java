// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.nio.ByteBuffer;

/** Writes the fields that several messages have (RFC 4120 section 5.2). */
final class Fields {
  private static final int NT_PRINCIPAL = 1;
  private static final int NT_SRV_INST = 2;
  private static final int NT_SRV_HST = 3;

  private Fields() {}

  /** {@code [number] Realm}. */
  static void realm(TokenWriter out, int number, PrincipalName name) {
    out.field(number, TokenReader.GENERAL_STRING, RawName.of(name).realm().copy());
  }

  /** {@code [number] PrincipalName}. */
  static void name(TokenWriter out, int number, PrincipalName name) {
    int since = out.size();
    Octets components = RawName.of(name).components();
    out.field(1, TokenReader.SEQUENCE, components.copy())
        .integer(0, type(name))
        .wrap(TokenReader.SEQUENCE, since)
        .wrap(TokenReader.context(number), since);
  }

  /** {@code [number] BIT STRING} of 32 bits. */
  static void flags(TokenWriter out, int number, int flags) {
    byte[] content = ByteBuffer.allocate(5).put((byte) 0).putInt(flags).array();
    out.field(number, TokenReader.BIT_STRING, content);
  }

  /** {@code INTEGER}, not negative and below 128. */
  static void integer(TokenWriter out, int small) {
    out.value(TokenReader.INTEGER, new byte[] {(byte) small});
  }

  /** {@code [number] SEQUENCE { [0] type, [1] OCTET STRING }}: a key, or a checksum. */
  static void typed(TokenWriter out, int number, int type, byte[] content) {
    int since = out.size();
    out.field(1, TokenReader.OCTET_STRING, content)
        .integer(0, type)
        .wrap(TokenReader.SEQUENCE, since)
        .wrap(TokenReader.context(number), since);
  }

  /** EncryptedData without a version. */
  static byte[] sealed(ProtocolKey key, KeyUsage usage, byte[] content, RandomOctets random) {
    byte[] cipher = key.seal(usage, content, random);
    return new TokenWriter(cipher.length + 32)
        .field(2, TokenReader.OCTET_STRING, cipher)
        .integer(0, key.type().number())
        .wrap(TokenReader.SEQUENCE, 0)
        .bytes();
  }

  /** A hint (section 6.2), by which MIT's KDC knows the names that it may refer elsewhere. */
  private static int type(PrincipalName name) {
    if (Realms.isGranting(name)) {
      return NT_SRV_INST;
    }
    return name.components().size() == 1 ? NT_PRINCIPAL : NT_SRV_HST;
  }
}
