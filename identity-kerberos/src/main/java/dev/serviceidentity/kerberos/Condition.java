// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.Health;
import java.time.Instant;

/**
 * How one half of the mechanism does.
 *
 * @param status the status
 * @param detail why
 * @param since since when
 */
record Condition(Health.Status status, String detail, Instant since) {
  static Condition up(String detail, Instant since) {
    return new Condition(Health.Status.UP, detail, since);
  }

  static Condition degraded(String detail, Instant since) {
    return new Condition(Health.Status.DEGRADED, detail, since);
  }

  static Condition down(String detail, Instant since) {
    return new Condition(Health.Status.DOWN, detail, since);
  }

  /** The same status with newer words keeps its beginning. */
  Condition after(Condition before) {
    return before.status == status ? new Condition(status, detail, before.since) : this;
  }

  Condition worse(Condition other) {
    return other.status.compareTo(status) > 0 ? other : this;
  }

  Health.Part part(String name) {
    return new Health.Part(name, status, detail, since);
  }
}
