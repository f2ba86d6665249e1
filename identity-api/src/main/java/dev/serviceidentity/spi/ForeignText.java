// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

/**
 * Text that somebody else chose, made fit for messages, logs and events: quoted, on one line,
 * visible ASCII only, and not endless.
 */
public final class ForeignText {
  private static final int LONGEST = 200;

  private ForeignText() {}

  /**
   * Quotes text.
   *
   * @param text anything, also hostile
   * @return at most a few hundred characters between single quotes; what is not visible ASCII or a
   *     space, and quotes and backslashes, appear as {@code \}{@code uXXXX}
   */
  public static String quote(String text) {
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
