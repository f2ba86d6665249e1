// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;

/**
 * Matches principals of one mechanism and one domain by their name. The domain is never a pattern:
 * whoever controls a realm chooses the names in it.
 */
record PrincipalPattern(MechanismName mechanism, String domain, PathPattern name) {
  /** Reads the form of a principal, in whose name segments may be wildcards. */
  static PrincipalPattern parse(String pattern) {
    PrincipalId form = PrincipalId.parse(pattern);
    if (form.domain().contains("*")) {
      throw new IllegalArgumentException("A pattern of principals names its domain: " + pattern);
    }
    return new PrincipalPattern(form.mechanism(), form.domain(), PathPattern.parse(form.name()));
  }

  boolean matches(PrincipalId principal) {
    return mechanism.equals(principal.mechanism())
        && domain.equals(principal.domain())
        && name.matches(principal.name());
  }
}
