// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What is piped into the program; it can be read once. */
final class StandardInput {
  /** How the command line names it. */
  static final String ARGUMENT = "-";

  /** How messages name it. */
  static final String NAME = "<stdin>";

  private @Nullable InputStream bytes;

  StandardInput(InputStream bytes) {
    this.bytes = bytes;
  }

  /**
   * Hands it over.
   *
   * @throws UnusableInput if somebody else has it
   */
  InputStream take() {
    InputStream taken = bytes;
    if (taken == null) {
      throw Program.unusable("standard input can be read once; name a file for one of the two");
    }
    bytes = null;
    return taken;
  }
}
