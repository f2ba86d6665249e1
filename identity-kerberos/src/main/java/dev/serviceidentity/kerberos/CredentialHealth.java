// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.Health;
import java.time.Instant;

/**
 * How one of the two credentials does: the keytab that callers are verified with, or the own
 * ticket.
 *
 * @param status the status
 * @param detail why
 * @param since since when
 */
record CredentialHealth(Health.Status status, String detail, Instant since) {
  static CredentialHealth up(String detail, Instant since) {
    return new CredentialHealth(Health.Status.UP, detail, since);
  }

  static CredentialHealth degraded(String detail, Instant since) {
    return new CredentialHealth(Health.Status.DEGRADED, detail, since);
  }

  static CredentialHealth down(String detail, Instant since) {
    return new CredentialHealth(Health.Status.DOWN, detail, since);
  }

  /** The same status with newer words keeps its beginning. */
  CredentialHealth after(CredentialHealth before) {
    return before.status == status ? new CredentialHealth(status, detail, before.since) : this;
  }

  /** Trouble that nobody who calls notices yet is told with the moment from which they will. */
  CredentialHealth servingUntil(Instant end) {
    return status == Health.Status.DEGRADED
        ? degraded(
            "The ticket in use serves until " + end + ", and no newer one came: " + detail, since)
        : this;
  }

  /** Both: the worse of them, or what is said of either. */
  CredentialHealth with(CredentialHealth other) {
    if (other.status != status) {
      return other.status.compareTo(status) > 0 ? other : this;
    }
    Instant later = since.isAfter(other.since) ? since : other.since;
    return new CredentialHealth(status, detail + "; " + other.detail, later);
  }

  Health.Part part(String name) {
    return new Health.Part(name, status, detail, since);
  }
}
