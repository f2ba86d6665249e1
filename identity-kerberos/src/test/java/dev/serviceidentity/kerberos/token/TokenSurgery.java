// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.kerberos.TestRealms;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Takes tokens out of evidence and puts changed ones in. */
public final class TokenSurgery {
  private TokenSurgery() {}

  public static byte[] token(CallerEvidence evidence) {
    String value = evidence.header("Authorization").get(0);
    return Base64.getDecoder().decode(value.substring("Negotiate ".length()));
  }

  public static CallerEvidence evidence(byte[] token) {
    return evidence(Base64.getEncoder().encodeToString(token));
  }

  public static CallerEvidence evidence(String token) {
    return TestRealms.connection().headers(Map.of("Authorization", List.of("Negotiate " + token)));
  }

  /** The bare Kerberos token inside SPNEGO. */
  public static byte[] mechToken(byte[] spnego) throws RefusedTokenException {
    return NegotiateToken.read(spnego).mechToken().copy();
  }

  public static int positionOfTicketCipher(byte[] token) throws RefusedTokenException {
    return ApRequest.read(NegotiateToken.read(token).apRequest()).ticket().cipher().offset();
  }
}
