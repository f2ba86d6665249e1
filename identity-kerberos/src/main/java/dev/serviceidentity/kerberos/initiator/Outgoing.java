// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;

/** What makes tokens for services. Thread-safe. */
interface Outgoing {
  /**
   * Makes one token.
   *
   * @throws IdentityException if there is no ticket for that service
   */
  RequestCredentials credentialsFor(Target target);

  /** Begins what is due. Does not block. */
  default void refresh() {}

  /** Gives up what it has, for good. */
  default void forget() {}
}
