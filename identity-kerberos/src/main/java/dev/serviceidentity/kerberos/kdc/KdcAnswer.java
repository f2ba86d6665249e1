// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;

/** What a KDC has sent, before anything of it is believed. */
sealed interface KdcAnswer permits KdcReply, KdcError {
  int PVNO = 5;

  /**
   * Reads an answer.
   *
   * @param bytes the whole message
   * @param type of the reply that is awaited: 11 or 13 (RFC 4120 section 7.5.7)
   */
  static KdcAnswer read(byte[] bytes, int type) throws RefusedTokenException {
    var in = new TokenReader(bytes);
    return in.nextIs(TokenReader.application(KdcError.TYPE))
        ? KdcError.read(in)
        : KdcReply.read(in, type);
  }

  /** Reads {@code [number] pvno, [number + 1] msg-type}, which every message begins with. */
  static void readType(TokenReader in, int type) throws RefusedTokenException {
    long pvno = in.integer(0, "pvno");
    long found = in.integer(1, "msg-type");
    if (pvno != PVNO || found != type) {
      throw RefusedTokenException.malformed(
          "its pvno is " + pvno + " and its msg-type " + found + ", not 5 and " + type);
    }
  }
}
