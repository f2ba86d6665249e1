// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;

/**
 * AuthorizationData (RFC 4120 section 5.2.6), of a ticket or an authenticator. We understand none
 * of it, and so refuse what is critical: only what the sender has marked as irrelevant is passed
 * over, and what only a KDC has to understand.
 */
final class AuthorizationData {
  private static final int IF_RELEVANT = 1;
  private static final int MANDATORY_FOR_KDC = 8;

  private AuthorizationData() {}

  /** Reads {@code [number] AuthorizationData} if it comes next. */
  static void pass(TokenReader in, int number, String of) throws RefusedTokenException {
    if (!in.nextIs(TokenReader.context(number))) {
      return;
    }
    int outer = in.enterField(number, TokenReader.SEQUENCE, of);
    while (in.hasMore()) {
      int next = in.enter(TokenReader.SEQUENCE, of);
      int type = in.int32(0, of);
      in.skip(1, TokenReader.OCTET_STRING, of);
      in.leave(next, of);
      if (type != IF_RELEVANT && type != MANDATORY_FOR_KDC) {
        throw new RefusedTokenException(
            KerberosRejection.CRITICAL_AUTHORIZATION_DATA,
            of + " has authorization-data of type " + type + " outside AD-IF-RELEVANT");
      }
    }
    in.leave(outer, of);
  }
}
