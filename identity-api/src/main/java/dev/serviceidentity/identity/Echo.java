// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

/** What was written, in a complaint about it; it may have been a stranger who wrote it. */
final class Echo {
  private static final int LONGEST = 200;

  private Echo() {}

  /** The text in quotes if it is short visible ASCII, else no more than that there is a text. */
  static String of(String text) {
    return text.length() <= LONGEST && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
        ? "'" + text + "'"
        : "What is written here";
  }
}
