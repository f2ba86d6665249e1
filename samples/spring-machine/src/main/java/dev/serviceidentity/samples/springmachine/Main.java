// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import java.util.List;

/** Opens the shop with its Spring services, makes the calls, prints the table. */
public final class Main {
  private Main() {}

  /**
   * Runs the sample and ends the JVM: 0 if every call came to what it should, 1 if one did not, 2
   * if the shop could not be opened.
   *
   * @param words see {@code --help}
   */
  public static void main(String[] words) {
    System.exit(dev.serviceidentity.samples.shop.Main.run(List.of(words), new SpringEdition()));
  }
}
