// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

/** Makes text of other people safe for a terminal and a log: one line, nothing that they obey. */
final class Printable {
  private static final int LONGEST = 10_000;

  private Printable() {}

  static String of(String text) {
    if (text.length() <= LONGEST && text.codePoints().noneMatch(Printable::isObeyed)) {
      return text;
    }
    var printable = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> append(printable, c));
    return printable.append(text.length() > LONGEST ? "…" : "").toString();
  }

  private static void append(StringBuilder printable, int c) {
    if (isObeyed(c)) {
      printable.append(String.format("\\u%04x", c));
    } else {
      printable.appendCodePoint(c);
    }
  }

  private static boolean isObeyed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
