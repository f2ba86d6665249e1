// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * How an identity and its parts are doing at one moment. Immutable and thread-safe.
 *
 * @param parts the parts, each with its own status
 */
public record Health(List<Part> parts) {
  /** From best to worst. */
  public enum Status {
    /** Works as configured. */
    UP,
    /**
     * Works, but something needs a person: a stale view, a failed refresh, a layer not enforced.
     */
    DEGRADED,
    /** Does not work; what depends on it is refused. */
    DOWN
  }

  /**
   * One part: a mechanism, the network view, the audit queue.
   *
   * @param name what the part is called in configuration and logs
   * @param status how it does
   * @param detail why, in words a person acts on
   * @param since when it came into this status
   */
  public record Part(String name, Status status, String detail, Instant since) {
    /**
     * Checks that nothing is missing.
     *
     * @param name the part's name
     * @param status its status
     * @param detail why
     * @param since since when
     */
    public Part {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(detail, "detail");
      Objects.requireNonNull(since, "since");
    }
  }

  /**
   * Copies the parts.
   *
   * @param parts the parts in the order in which they are shown
   */
  public Health {
    parts = List.copyOf(parts);
  }

  /**
   * The worst status of any part.
   *
   * @return {@link Status#UP} if there is no part
   */
  public Status status() {
    return parts.stream().map(Part::status).max(Status::compareTo).orElse(Status.UP);
  }
}
