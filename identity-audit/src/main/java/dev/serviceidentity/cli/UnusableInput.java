// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.util.List;

/** Input from which no answer can be made; each line of the message says one thing about it. */
final class UnusableInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableInput(List<String> lines) {
    super(String.join("\n", lines.stream().map(Printable::of).toList()));
  }

  List<String> lines() {
    return String.valueOf(getMessage()).lines().toList();
  }
}
