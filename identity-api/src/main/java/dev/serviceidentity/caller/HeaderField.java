// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.util.Objects;

/**
 * One HTTP field line (RFC 9110 section 5) that may carry a credential: its value appears in no
 * {@code toString}.
 *
 * @param name the field name
 * @param value the field value, without CR, LF and NUL
 */
public record HeaderField(String name, String value) {
  /**
   * Checks that the value cannot split a response (RFC 9110 section 5.5).
   *
   * @param name the field name
   * @param value the field value
   * @throws IllegalArgumentException if the value holds CR, LF or NUL
   */
  public HeaderField {
    Objects.requireNonNull(name, "name");
    if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("The value of " + name + " holds CR, LF or NUL");
    }
  }

  /** Returns the name and the value's length only. */
  @Override
  public String toString() {
    return name + ": <" + value.length() + " characters>";
  }
}
