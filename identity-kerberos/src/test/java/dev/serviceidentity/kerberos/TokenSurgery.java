// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.caller.CallerEvidence;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Takes tokens out of evidence and puts changed ones in. */
final class TokenSurgery {
  private TokenSurgery() {}

  static byte[] token(CallerEvidence evidence) {
    String value = evidence.header("Authorization").get(0);
    return Base64.getDecoder().decode(value.substring("Negotiate ".length()));
  }

  static CallerEvidence evidence(byte[] token) {
    return evidence(Base64.getEncoder().encodeToString(token));
  }

  static CallerEvidence evidence(String token) {
    return TestRealms.connection().headers(Map.of("Authorization", List.of("Negotiate " + token)));
  }

  /** The bare Kerberos token inside SPNEGO. */
  static byte[] mechToken(byte[] spnego) throws RefusedTokenException {
    TokenReader framed = new TokenReader(spnego).enter(TokenReader.application(0), "token");
    framed.enter(TokenReader.OID, "SPNEGO");
    TokenReader init = framed.field(0, TokenReader.SEQUENCE, "NegTokenInit");
    while (!init.nextIs(TokenReader.context(2))) {
      init.enter(init.nextIs(TokenReader.context(0)) ? 0xa0 : 0xa1, "mechTypes or reqFlags");
    }
    return init.field(2, TokenReader.OCTET_STRING, "mechToken").rest();
  }

  static int positionOfTicketCipher(byte[] token) throws RefusedTokenException {
    byte[] request = NegotiateToken.read(token).apRequest();
    byte[] cipher = ApRequest.read(request).ticket().cipher();
    return text(token).indexOf(text(cipher));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
