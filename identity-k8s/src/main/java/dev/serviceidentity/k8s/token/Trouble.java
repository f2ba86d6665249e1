// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that needs a person.
 *
 * @param what in words a person acts on
 * @param since when it began
 */
record Trouble(String what, Instant since) {
  /** The same trouble goes on for longer. */
  static Trouble of(@Nullable Trouble before, String what, Instant now) {
    return before != null && before.what.equals(what) ? before : new Trouble(what, now);
  }
}
