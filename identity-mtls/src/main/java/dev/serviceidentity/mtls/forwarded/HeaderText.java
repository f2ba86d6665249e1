// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.ILLEGAL_CHARACTER;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.MALFORMED_ENCODING;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.TOO_LARGE;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

/** What all forwarding headers have in common: limits, characters, and percent-encoding. */
final class HeaderText {
  private static final int MOST_CHARACTERS = 16 * 1024;
  private static final String UNRESERVED_MARKS = "-._~";
  private static final String PEM_MARKS = "/=\n";

  private HeaderText() {}

  /** Refuses what is too long, and what no honest proxy writes into a field value. */
  static void check(String value) throws RefusedHeaderException {
    require(
        value.length() <= MOST_CHARACTERS,
        TOO_LARGE,
        "The value has " + value.length() + " characters");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      require(
          c == '\t' || (c >= 0x20 && c < 0x7f),
          ILLEGAL_CHARACTER,
          "Character " + (i + 1) + " is U+" + Integer.toHexString(c));
    }
  }

  /**
   * Decodes the PEM that proxies write percent-encoded (RFC 3986 section 2.1). Only what PEM has
   * may come out, so that what was encoded twice is seen; a plus sign must be encoded, since to
   * some it means a space.
   */
  static String decodedPem(String value) throws RefusedHeaderException {
    var decoded = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%') {
        c = encoded(value, i);
        i += 2;
        require(isPem(c), MALFORMED_ENCODING, "'%' stands at " + (i - 1) + " for no PEM character");
      } else {
        require(
            isLetterOrDigit(c) || UNRESERVED_MARKS.indexOf(c) >= 0 || c == '/' || c == '=',
            MALFORMED_ENCODING,
            "Character " + (i + 1) + " is not encoded");
      }
      decoded.append(c);
    }
    return decoded.toString();
  }

  /** Drops spaces and tabs at both ends (RFC 9110 section 5.6.3). */
  static String trimmed(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isSpace(value.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static char encoded(String value, int at) throws RefusedHeaderException {
    int high = at + 1 < value.length() ? Character.digit(value.charAt(at + 1), 16) : -1;
    int low = at + 2 < value.length() ? Character.digit(value.charAt(at + 2), 16) : -1;
    require(
        high >= 0 && low >= 0,
        MALFORMED_ENCODING,
        "Two hexadecimal digits belong behind '%' at " + (at + 1));
    return (char) (high << 4 | low);
  }

  private static boolean isPem(char c) {
    return isLetterOrDigit(c) || c == ' ' || c == '-' || c == '+' || PEM_MARKS.indexOf(c) >= 0;
  }
}
