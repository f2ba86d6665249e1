// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import dev.serviceidentity.identity.PrincipalId;
import org.assertj.core.api.Assertions;

/** Comparisons that several assertions make. */
final class Expected {
  private Expected() {}

  /** Compares what is read, so that {@code spiffe://} and {@code mtls:spiffe://} are the same. */
  static void principal(PrincipalId actual, String expected, String context) {
    Assertions.assertThat(actual)
        .describedAs("principal of: %s", context)
        .isEqualTo(PrincipalId.parse(expected));
  }
}
