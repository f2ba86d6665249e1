// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

/**
 * Hears what happens to own identities. Implement the methods of interest.
 *
 * <p>Called on a thread of its own, never on the one that refreshes credentials, one event at a
 * time; what a listener throws is logged and changes nothing.
 */
public interface IdentityListener {
  /**
   * A new credential is in use.
   *
   * @param current the identity from now on
   */
  default void onRotated(IdentitySnapshot current) {}

  /**
   * A refresh failed; the credential in use stays until it expires, and the refresh is tried again.
   *
   * @param current the identity that stays in use
   * @param cause what went wrong and what to do
   */
  default void onRefreshFailed(IdentitySnapshot current, IdentityException cause) {}

  /**
   * The credential in use has expired before a new one could be had.
   *
   * @param expired the identity that is no longer valid
   */
  default void onExpired(IdentitySnapshot expired) {}
}
