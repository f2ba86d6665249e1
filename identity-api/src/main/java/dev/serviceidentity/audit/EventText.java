// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import java.util.HexFormat;
import java.util.List;

/** What to do with text that callers and clusters choose, before it is kept or shown. */
final class EventText {
  /** Longer text is cut and marked: one caller's request must not fill memory and disk. */
  static final int LONGEST = 2048;

  private EventText() {}

  /** The text, or its beginning with a mark. */
  static String capped(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(LONGEST - 2));
    return text.substring(0, splits ? LONGEST - 2 : LONGEST - 1) + "…";
  }

  static List<String> capped(List<String> texts) {
    // Hardly ever is there one to cut, so that the list stays what it is.
    for (String text : texts) {
      if (text.length() > LONGEST) {
        return texts.stream().map(EventText::capped).toList();
      }
    }
    return List.copyOf(texts);
  }

  /** The text on one line, with escapes for all that a terminal or a log viewer might obey. */
  static String visible(String text) {
    var visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isObeyed(c)) {
                escape(visible, c);
              } else {
                visible.appendCodePoint(c);
              }
            });
    return visible.toString();
  }

  /** Control, format and lone surrogate characters, line and paragraph separators. */
  static boolean isObeyed(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** Writes a code point as one or two {@code \\u} escapes, as JSON and Java have them. */
  static void escape(StringBuilder to, int codePoint) {
    for (char unit : Character.toChars(codePoint)) {
      to.append("\\u").append(HexFormat.of().toHexDigits(unit));
    }
  }
}
