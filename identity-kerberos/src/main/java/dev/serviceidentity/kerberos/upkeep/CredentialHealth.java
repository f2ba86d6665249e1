// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.upkeep;

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
public record CredentialHealth(Health.Status status, String detail, Instant since) {
  /**
   * It does well.
   *
   * @param detail why
   * @param since since when
   * @return that
   */
  public static CredentialHealth up(String detail, Instant since) {
    return new CredentialHealth(Health.Status.UP, detail, since);
  }

  /**
   * It serves, and something is wrong.
   *
   * @param detail why
   * @param since since when
   * @return that
   */
  public static CredentialHealth degraded(String detail, Instant since) {
    return new CredentialHealth(Health.Status.DEGRADED, detail, since);
  }

  /**
   * It does not serve.
   *
   * @param detail why
   * @param since since when
   * @return that
   */
  public static CredentialHealth down(String detail, Instant since) {
    return new CredentialHealth(Health.Status.DOWN, detail, since);
  }

  /**
   * The same status with newer words keeps its beginning.
   *
   * @param before what was said last
   * @return what to say now
   */
  public CredentialHealth after(CredentialHealth before) {
    return before.status == status ? new CredentialHealth(status, detail, before.since) : this;
  }

  /**
   * Trouble that nobody who calls notices yet is told with the moment from which they will.
   *
   * @param end when the ticket in use ends
   * @return the same status, with that moment if it is trouble
   */
  public CredentialHealth servingUntil(Instant end) {
    return status == Health.Status.DEGRADED
        ? degraded(
            "The ticket in use serves until " + end + ", and no newer one came: " + detail, since)
        : this;
  }

  /**
   * Both: the worse of them, or what is said of either.
   *
   * @param other that of the other credential
   * @return one for both
   */
  public CredentialHealth with(CredentialHealth other) {
    if (other.status != status) {
      return other.status.compareTo(status) > 0 ? other : this;
    }
    Instant later = since.isAfter(other.since) ? since : other.since;
    return new CredentialHealth(status, detail + "; " + other.detail, later);
  }

  /**
   * The same for everybody.
   *
   * @param name what it is said of
   * @return a part of the health of a service
   */
  public Health.Part part(String name) {
    return new Health.Part(name, status, detail, since);
  }
}
