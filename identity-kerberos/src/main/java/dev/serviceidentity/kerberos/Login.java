// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.time.Instant;

/** What proves the own principal to KDCs for a time. Holds secrets and shows none. Immutable. */
interface Login {
  /** From when it is valid, by our clock. */
  Instant startsAt();

  /** Until when it is valid, by our clock. */
  Instant expiresAt();

  /** What people should know of it; empty if it is as usual. */
  default String remark() {
    return "";
  }
}
