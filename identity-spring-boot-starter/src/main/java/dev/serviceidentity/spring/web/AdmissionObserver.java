// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.ServiceIdentity;

/** Stands between the filter and the identity and sees what that decides; it decides nothing. */
@FunctionalInterface
public interface AdmissionObserver {
  /**
   * The identity, whose decisions are seen.
   *
   * @param identity what decides
   * @return the same decisions
   */
  ServiceIdentity observing(ServiceIdentity identity);
}
