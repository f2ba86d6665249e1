// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;

/**
 * PA-DATA (RFC 4120 section 5.2.7).
 *
 * @param type what it is
 * @param value what its type makes of it
 */
record PaData(int type, Octets value) {
  void write(TokenWriter out) {
    int since = out.size();
    out.field(2, TokenReader.OCTET_STRING, value.copy())
        .integer(1, type)
        .wrap(TokenReader.SEQUENCE, since);
  }
}
