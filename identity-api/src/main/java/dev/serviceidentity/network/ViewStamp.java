// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Which view of the cluster a decision was made from, and when that view was last proven current.
 *
 * @param version what the view was made of, such as resource versions or a digest of files
 * @param generation 1 for the first view, one more with each change
 * @param provenAt the last event, bookmark or probe that proved it; {@link Instant#MAX} for a view
 *     that cannot grow old because its files are all there is
 */
public record ViewStamp(String version, long generation, Instant provenAt) {
  /**
   * Checks that nothing is missing.
   *
   * @param version what the view was made of
   * @param generation the count of changes, from 1
   * @param provenAt when it was last proven current
   */
  public ViewStamp {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(provenAt, "provenAt");
  }

  /**
   * How long ago the view was proven.
   *
   * @param now the time to count to
   * @return zero or more
   */
  public Duration ageAt(Instant now) {
    return now.isAfter(provenAt) ? Duration.between(provenAt, now) : Duration.ZERO;
  }
}
