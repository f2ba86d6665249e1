// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.util.Objects;

/**
 * One HTTP field line (RFC 9110 section 5) that may carry a credential: its value appears in no
 * {@code toString}.
 *
 * @param name the field name, a token (RFC 9110 section 5.6.2)
 * @param value the field value, without CR, LF and NUL
 */
public record HeaderField(String name, String value) {
  private static final String MARKS = "!#$%&'*+-.^_`|~";

  /**
   * Checks that neither part can split a response (RFC 9110 sections 5.1 and 5.5).
   *
   * @param name the field name
   * @param value the field value
   * @throws IllegalArgumentException if the name is no token, or the value holds CR, LF or NUL
   */
  public HeaderField {
    Objects.requireNonNull(name, "name");
    if (!isToken(name)) {
      throw new IllegalArgumentException("The name of a field is a token");
    }
    // Three searches that the JVM has as instructions, since a value is as long as a ticket.
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf(0) >= 0) {
      throw new IllegalArgumentException("The value of " + name + " holds CR, LF or NUL");
    }
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (c < '0' || c > '9') && MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** Returns the name and the value's length only. */
  @Override
  public String toString() {
    return name + ": <" + value.length() + " characters>";
  }
}
