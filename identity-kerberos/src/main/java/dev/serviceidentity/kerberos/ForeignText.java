// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

/** Makes text that others wrote fit for logs and messages. */
final class ForeignText {
  private static final int LONGEST = 200;

  private ForeignText() {}

  /** Escapes all that is not visible ASCII or a space, and cuts what is too long. */
  static String escape(String text) {
    var safe = new StringBuilder();
    for (int i = 0; i < text.length() && safe.length() < LONGEST; i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7f) {
        safe.append(c);
      } else {
        safe.append(String.format("\\u%04x", (int) c));
      }
    }
    return safe.length() < LONGEST ? safe.toString() : safe.append("...").toString();
  }
}
