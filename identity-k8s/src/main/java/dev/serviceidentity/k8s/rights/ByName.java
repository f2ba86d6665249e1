// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import dev.serviceidentity.identity.PrincipalId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the service says to the names that a service account can prove.
 *
 * @param allowed the names that may call
 * @param refused the names that may not
 */
public record ByName(List<PrincipalId> allowed, List<PrincipalId> refused) {
  /**
   * Copies the lists.
   *
   * @param allowed the names that may call
   * @param refused the names that may not
   */
  public ByName {
    allowed = List.copyOf(allowed);
    refused = List.copyOf(refused);
  }

  /**
   * Tells whether a caller can prove a name that is allowed.
   *
   * @return true if there is one
   */
  public boolean isAllowed() {
    return !allowed.isEmpty();
  }

  /**
   * Says why, on one line.
   *
   * @return a sentence without a full stop
   */
  public String why() {
    if (isAllowed()) {
      return "the allowed callers name " + list(allowed);
    }
    return refused.isEmpty()
        ? "no principal that this service verifies stands for it; see binding(...)"
        : "the allowed callers do not name " + list(refused);
  }

  private static String list(List<PrincipalId> names) {
    return names.stream().map(PrincipalId::toString).collect(Collectors.joining(", "));
  }
}
