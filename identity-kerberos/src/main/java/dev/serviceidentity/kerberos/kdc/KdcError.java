// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.spi.ForeignText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * KRB-ERROR (RFC 4120 section 5.9.1). Anybody on the way can write one: it may lead to another try
 * or to a message, and to nothing else.
 *
 * @param code of section 7.5.9
 * @param serverTime what time it is for the KDC
 * @param text what the KDC says, in its own words
 * @param wanted what the KDC wants the client to prove; null with all codes but PREAUTH_REQUIRED
 */
record KdcError(int code, Instant serverTime, String text, @Nullable PreAuthentication wanted)
    implements KdcAnswer {
  static final int TYPE = 30;

  static final int ETYPE_NOT_SUPPORTED = 14;
  static final int PREAUTH_FAILED = 24;
  static final int PREAUTH_REQUIRED = 25;
  static final int SERVICE_UNAVAILABLE = 29;
  static final int TICKET_EXPIRED = 32;
  static final int SKEW = 37;

  private static final int MOST_MICROSECONDS = 999_999;
  private static final String WHAT = "the KRB-ERROR";

  static KdcError read(TokenReader in) throws RefusedTokenException {
    int end = in.enter(TokenReader.application(TYPE), WHAT);
    int tagged = in.enter(TokenReader.SEQUENCE, WHAT);
    KdcAnswer.readType(in, TYPE);
    skip(in, 2, TokenReader.GENERALIZED_TIME);
    skip(in, 3, TokenReader.INTEGER);
    Instant time = time(in);
    int code = in.int32(6, "error-code");
    skip(in, 7, TokenReader.GENERAL_STRING);
    skip(in, 8, TokenReader.SEQUENCE);
    skip(in, 9, TokenReader.GENERAL_STRING);
    skip(in, 10, TokenReader.SEQUENCE);
    Octets text = optional(in, 11, TokenReader.GENERAL_STRING);
    Octets data = optional(in, 12, TokenReader.OCTET_STRING);
    in.leave(tagged, WHAT);
    in.leave(end, WHAT);
    in.end(WHAT);
    return new KdcError(
        code,
        time,
        new String(text.copy(), StandardCharsets.ISO_8859_1),
        code == PREAUTH_REQUIRED ? PreAuthentication.read(data) : null);
  }

  /** The name and the KDC's own words, fit for a message. */
  String said() {
    return KdcErrors.name(code) + (text.isEmpty() ? "" : ", " + ForeignText.quote(text));
  }

  private static Instant time(TokenReader in) throws RefusedTokenException {
    long seconds = in.time(4, "stime");
    long micros = in.integer(5, "susec");
    if (micros < 0 || micros > MOST_MICROSECONDS) {
      throw RefusedTokenException.malformed("susec is no number of microseconds");
    }
    return Instant.ofEpochSecond(seconds).plus(micros, ChronoUnit.MICROS);
  }

  private static void skip(TokenReader in, int number, int tag) throws RefusedTokenException {
    if (in.nextIs(TokenReader.context(number))) {
      in.skip(number, tag, "a field of " + WHAT);
    }
  }

  private static Octets optional(TokenReader in, int number, int tag) throws RefusedTokenException {
    return in.nextIs(TokenReader.context(number))
        ? in.field(number, tag, "a field of " + WHAT)
        : Octets.of(new byte[0]);
  }
}
