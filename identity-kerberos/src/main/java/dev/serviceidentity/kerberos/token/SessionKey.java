// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;

/** EncryptionKey (RFC 4120 section 5.2.9) of a session, as a KDC or a client has made it. */
final class SessionKey {
  private SessionKey() {}

  /**
   * Reads {@code [number] EncryptionKey}.
   *
   * @param beside the key that has opened the message
   */
  static ProtocolKey read(TokenReader in, int number, String what, ProtocolKey beside)
      throws RefusedTokenException {
    int outer = in.enterField(number, TokenReader.SEQUENCE, what);
    int etype = in.int32(0, what);
    Octets key = in.field(1, TokenReader.OCTET_STRING, what);
    in.leave(outer, what);
    KeyType type =
        KeyType.of(etype)
            .orElseThrow(
                () ->
                    new RefusedTokenException(
                        KerberosRejection.ofType(etype),
                        what + " is of " + KeyType.describe(etype) + ", which is not accepted"));
    if (key.length() != type.keyLength()) {
      throw malformed(what + " has " + key.length() + " bytes, and is of " + type);
    }
    return beside.beside(type, key.copy());
  }

  /** Writes {@code [number] EncryptionKey}. */
  static void write(TokenWriter out, int number, ProtocolKey key) {
    int since = out.size();
    out.field(1, TokenReader.OCTET_STRING, key.bytes())
        .integer(0, key.type().number())
        .wrap(TokenReader.SEQUENCE, since)
        .wrap(TokenReader.context(number), since);
  }
}
