// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

/** What the program ends with. */
final class ExitCode {
  /** What was asked holds. */
  static final int HOLDS = 0;

  /** It does not hold. */
  static final int DOES_NOT_HOLD = 1;

  /** The command is wrong, or not all of its input could be read: no answer counts. */
  static final int UNUSABLE = 2;

  private ExitCode() {}
}
