// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.upkeep;

import dev.serviceidentity.identity.IdentityException;

/** What a watch keeps up to date. */
public interface Refreshable {
  /**
   * Reads again.
   *
   * @param onRecord whether a failure is put on record
   * @throws IdentityException if what is there is no good
   */
  void refresh(boolean onRecord);

  /** Looks at the time: what is in use may be ending. */
  void noticeTime();
}
