// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.identity.IdentityException;

/** Where logins come from, one after another. For one thread. */
interface Logins<L extends Login> {
  /**
   * A login that lasts, be it the same as before. Blocks.
   *
   * @throws IdentityException if there is none, with what to do
   */
  L next();

  /** Whether somebody else has provided for another one meanwhile. */
  default boolean hasNews() {
    return false;
  }
}
