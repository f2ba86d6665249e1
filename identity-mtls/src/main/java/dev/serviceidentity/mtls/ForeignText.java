// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

/** Text that a peer chose, made fit for a log line: quoted, escaped and capped. */
final class ForeignText {
  private static final int LONGEST = 120;

  private ForeignText() {}

  static String quote(String text) {
    var out = new StringBuilder("'");
    text.chars().limit(LONGEST).forEach(c -> append(out, (char) c));
    return out.append(text.length() > LONGEST ? "...'" : "'").toString();
  }

  private static void append(StringBuilder out, char c) {
    if (c >= 0x20 && c < 0x7f && c != '\'' && c != '\\') {
      out.append(c);
    } else {
      out.append(String.format("\\u%04x", (int) c));
    }
  }
}
