// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import jakarta.servlet.http.HttpServletRequest;

/** Reads the connection of requests of one class. Thread-safe. */
@FunctionalInterface
interface ConnectionReader {
  /**
   * Reads what cannot have been written by anybody but the container's own connector.
   *
   * @throws dev.serviceidentity.identity.IdentityException if that cannot be told
   */
  Connection read(HttpServletRequest request);
}
