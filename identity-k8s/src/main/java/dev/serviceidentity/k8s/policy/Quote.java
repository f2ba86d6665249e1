// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Set;

/** Puts text of other people into a sentence: on one line, without tricks, and not endless. */
public final class Quote {
  private static final int LONGEST = 200;

  /** Line breaks, text direction and the like, by which a line can pretend to be another. */
  private static final Set<Byte> UNPRINTED =
      Set.of(
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE);

  private Quote() {}

  /**
   * A value, marked as one.
   *
   * @param foreign what somebody else wrote
   * @return its text between backticks
   */
  public static String of(Object foreign) {
    return "`" + plain(foreign).replace("`", "\\u0060") + "`";
  }

  /**
   * A text that needs no marks.
   *
   * @param foreign what somebody else wrote, or what contains it
   * @return its text, with what does not print as an escape, cut after 200 characters
   */
  public static String plain(Object foreign) {
    String text = foreign.toString();
    var safe = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> append(safe, c));
    return safe.append(text.length() > LONGEST ? "…" : "").toString();
  }

  private static void append(StringBuilder safe, int c) {
    if (Character.isISOControl(c) || UNPRINTED.contains((byte) Character.getType(c))) {
      safe.append(String.format("\\u%04x", c));
    } else {
      safe.appendCodePoint(c);
    }
  }
}
