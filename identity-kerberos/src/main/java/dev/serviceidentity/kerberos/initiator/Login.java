// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import java.time.Instant;

/** What proves the own principal to KDCs for a time. Holds secrets and shows none. Immutable. */
public interface Login {
  /**
   * From when it is valid, by our clock.
   *
   * @return the time
   */
  Instant startsAt();

  /**
   * Until when it is valid, by our clock.
   *
   * @return the time
   */
  Instant expiresAt();

  /**
   * What people should know of it.
   *
   * @return empty if it is as usual
   */
  default String remark() {
    return "";
  }
}
