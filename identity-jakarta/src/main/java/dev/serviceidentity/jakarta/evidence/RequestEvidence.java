// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.caller.CallerEvidence;
import jakarta.servlet.http.HttpServletRequest;

/** Reads from a servlet request what it brings that may tell who sent it. Thread-safe. */
@FunctionalInterface
public interface RequestEvidence {
  /**
   * Reads one request.
   *
   * @param request a request as the container made it, not one that a filter has wrapped
   * @return the evidence, nothing of it verified
   * @throws dev.serviceidentity.identity.IdentityException if the container does not let it be
   *     known who is at the far end of the connection; nobody is to be admitted then
   */
  CallerEvidence of(HttpServletRequest request);
}
