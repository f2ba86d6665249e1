// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;

/**
 * Where logins come from, one after another. For one thread.
 *
 * @param <L> what a login gives
 */
public interface Logins<L extends Login> {
  /**
   * A login that lasts, be it the same as before. Blocks.
   *
   * @return the login
   * @throws IdentityException if there is none, with what to do
   */
  L next();

  /**
   * Whether somebody else has provided for another one meanwhile.
   *
   * @return whether {@link #next} should be called before it is due
   */
  default boolean hasNews() {
    return false;
  }
}
