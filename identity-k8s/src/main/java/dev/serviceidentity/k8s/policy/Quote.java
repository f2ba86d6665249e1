// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** Puts text of other people into a sentence: marked, on one line, and not endless. */
final class Quote {
  private static final int LONGEST = 200;

  private Quote() {}

  static String of(Object foreign) {
    String text = foreign.toString();
    var quoted = new StringBuilder("`");
    text.codePoints().limit(LONGEST).forEach(c -> append(quoted, c));
    return quoted.append(text.length() > LONGEST ? "…`" : "`").toString();
  }

  private static void append(StringBuilder quoted, int c) {
    if (Character.isISOControl(c) || c == '`' || Character.getType(c) == Character.FORMAT) {
      quoted.append(String.format("\\u%04x", c));
    } else {
      quoted.appendCodePoint(c);
    }
  }
}
