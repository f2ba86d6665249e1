// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.SvidChoice.refused;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.SpiffeId;
import dev.serviceidentity.spi.ForeignText;

/** The names of trust domains in answers, where they are the IDs of those domains. */
final class Federation {
  private Federation() {}

  /**
   * The domain of a bundle.
   *
   * @throws IdentityException if the ID is none of a trust domain
   */
  static String domain(String id, WorkloadApi api) {
    try {
      SpiffeId parsed = SpiffeId.parse(id);
      if (parsed.path().isEmpty()) {
        return parsed.trustDomain();
      }
    } catch (IllegalArgumentException e) {
      // Told below, like an ID of a workload.
    }
    throw refused(
        api,
        "has sent a bundle for " + ForeignText.quote(id) + ", which is no trust domain",
        "see the federation of this trust domain");
  }

  /** The same of a domain other than the own one, whose bundle comes by itself. */
  static String domain(String id, String own, WorkloadApi api) {
    String domain = domain(id, api);
    if (domain.equals(own)) {
      throw refused(
          api, "has sent two bundles for " + own, "see the federation of this trust domain");
    }
    return domain;
  }
}
