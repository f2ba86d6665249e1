// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import java.util.OptionalLong;

/**
 * EncryptedData (RFC 4120 section 5.2.9), still closed.
 *
 * @param etype the number of the encryption type
 * @param kvno the version of the key, where the sender says it
 * @param cipher not copied: the reader made it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never leaves the package.
record EncryptedPart(int etype, OptionalLong kvno, byte[] cipher) {
  static EncryptedPart read(TokenReader data, String what) throws RefusedTokenException {
    long etype = data.field(0, TokenReader.INTEGER, what).integer("etype of " + what);
    if (etype != (int) etype) {
      throw malformed("etype of " + what + " is not an Int32");
    }
    OptionalLong kvno = OptionalLong.empty();
    if (data.nextIs(TokenReader.context(1))) {
      // UInt32; some senders write a large one as a negative number.
      kvno =
          OptionalLong.of(
              data.field(1, TokenReader.INTEGER, what).integer("kvno of " + what) & 0xffffffffL);
    }
    byte[] cipher = data.field(2, TokenReader.OCTET_STRING, what).rest();
    data.end(what);
    return new EncryptedPart((int) etype, kvno, cipher);
  }
}
