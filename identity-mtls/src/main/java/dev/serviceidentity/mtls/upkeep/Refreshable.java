// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.upkeep;

import dev.serviceidentity.identity.IdentityException;

/** What a watch keeps up to date. */
public interface Refreshable {
  /**
   * Reads again.
   *
   * @throws IdentityException if what is there is no good
   */
  void refresh();

  /** Puts a failed reading on record. */
  void failed(IdentityException cause);

  /** Looks at the time: what is in use may be ending. */
  void noticeTime();
}
