// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.Caller;
import java.time.Instant;

/** Whom claims name. */
@FunctionalInterface
interface Naming {
  /**
   * The caller that verified claims name.
   *
   * @param claims of a token whose signature is good
   * @param now when that was found
   * @throws RefusedToken if they name nobody
   */
  Caller caller(Claims claims, Instant now) throws RefusedToken;
}
