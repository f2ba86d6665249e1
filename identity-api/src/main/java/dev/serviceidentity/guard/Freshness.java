// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.network.StalePolicy;
import dev.serviceidentity.network.ViewStamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells whether a view is too old to decide by. */
final class Freshness {
  private Freshness() {}

  /** Says how old, if the view serves no longer. */
  static Optional<String> tooOld(ViewStamp stamp, StalePolicy policy, Instant now) {
    Duration age = stamp.ageAt(now);
    return policy.serves(age)
        ? Optional.empty()
        : Optional.of(
            "the view was last proven " + age.toSeconds() + " s ago, at " + stamp.provenAt());
  }
}
