// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import java.util.OptionalLong;

/**
 * EncryptedData (RFC 4120 section 5.2.9), still closed.
 *
 * @param etype the number of the encryption type
 * @param kvno the version of the key, where the sender says it
 * @param cipher the ciphertext
 */
public record EncryptedPart(int etype, OptionalLong kvno, Octets cipher) {
  /**
   * Reads {@code [number] EncryptedData}.
   *
   * @param in where it comes next
   * @param number of the field
   * @param what how a message calls the value
   * @return still closed
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public static EncryptedPart read(TokenReader in, int number, String what)
      throws RefusedTokenException {
    int outer = in.enterField(number, TokenReader.SEQUENCE, what);
    int etype = in.int32(0, what);
    OptionalLong kvno = OptionalLong.empty();
    if (in.nextIs(TokenReader.context(1))) {
      // UInt32; some senders write a large one as a negative number.
      kvno = OptionalLong.of(in.integer(1, what) & 0xffffffffL);
    }
    Octets cipher = in.field(2, TokenReader.OCTET_STRING, what);
    in.leave(outer, what);
    return new EncryptedPart(etype, kvno, cipher);
  }
}
