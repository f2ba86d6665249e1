// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.kdc.KdcErrors;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.spi.ForeignText;
import java.time.Instant;

/**
 * KRB-ERROR in the place of an answer (RFC 4121 section 4.1, RFC 4120 section 5.9.1). Nothing
 * authenticates it: it explains a refusal and does nothing else.
 */
final class ServiceError {
  private static final String WHAT = "KRB-ERROR";

  private ServiceError() {}

  /** Does nothing with another token than KRB-ERROR. */
  static void refuse(Octets token) throws RefusedTokenException {
    Octets message = MechToken.read(token);
    if (message.startsWith(MechToken.KRB_ERROR)) {
      throw malformed(explain(message.from(MechToken.KRB_ERROR.length)));
    }
  }

  private static String explain(Octets der) throws RefusedTokenException {
    var in = new TokenReader(der);
    int end = in.enter(TokenReader.application(30), WHAT);
    int tagged = in.enter(TokenReader.SEQUENCE, WHAT);
    if (in.integer(0, "pvno of KRB-ERROR") != 5 || in.integer(1, "msg-type of KRB-ERROR") != 30) {
      throw malformed("KRB-ERROR is not of version 5 and message type 30");
    }
    skip(in, 2, TokenReader.GENERALIZED_TIME);
    skip(in, 3, TokenReader.INTEGER);
    long clock = in.time(4, "stime of KRB-ERROR");
    in.skip(5, TokenReader.INTEGER, "susec of KRB-ERROR");
    int code = in.int32(6, "error-code of KRB-ERROR");
    skip(in, 7, TokenReader.GENERAL_STRING);
    skip(in, 8, TokenReader.SEQUENCE);
    in.skip(9, TokenReader.GENERAL_STRING, "realm of KRB-ERROR");
    in.skip(10, TokenReader.SEQUENCE, "sname of KRB-ERROR");
    String text = text(in);
    skip(in, 12, TokenReader.OCTET_STRING);
    in.leave(tagged, WHAT);
    in.leave(end, WHAT);
    in.end(WHAT);
    return "it answers with "
        + KdcErrors.name(code)
        + text
        + "; its clock says "
        + Instant.ofEpochSecond(clock)
        + " (nothing proves that this answer is its own)";
  }

  private static void skip(TokenReader in, int number, int tag) throws RefusedTokenException {
    if (in.nextIs(TokenReader.context(number))) {
      in.skip(number, tag, "a field of KRB-ERROR");
    }
  }

  private static String text(TokenReader in) throws RefusedTokenException {
    if (!in.nextIs(TokenReader.context(11))) {
      return "";
    }
    int outer = in.enter(TokenReader.context(11), "e-text");
    String text = in.text("e-text");
    in.leave(outer, "e-text");
    return ", " + ForeignText.quote(text);
  }
}
