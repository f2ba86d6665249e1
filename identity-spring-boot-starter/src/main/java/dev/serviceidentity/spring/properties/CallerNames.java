// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import dev.serviceidentity.caller.AllowedCallers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Callers by name.
 *
 * @param serviceAccounts service accounts, each as namespace/name
 * @param principals exact principals
 * @param principalsLike patterns of principals
 */
public record CallerNames(
    List<String> serviceAccounts, List<String> principals, List<String> principalsLike) {
  /**
   * Whether nobody is named.
   *
   * @return true if nobody is
   */
  public boolean isEmpty() {
    return serviceAccounts.isEmpty() && principals.isEmpty() && principalsLike.isEmpty();
  }

  /**
   * Whoever is named in any way.
   *
   * @param group the properties that name them
   * @return empty if nobody is named
   * @throws dev.serviceidentity.identity.IdentityException naming the property, if a name is
   *     malformed
   */
  public Optional<AllowedCallers> allowed(String group) {
    if (isEmpty()) {
      return Optional.empty();
    }
    List<AllowedCallers> rules = new ArrayList<>();
    if (!serviceAccounts.isEmpty()) {
      rules.add(
          Misconfiguration.reading(
              group + ".service-accounts",
              () -> AllowedCallers.serviceAccounts(serviceAccounts.toArray(String[]::new))));
    }
    if (!principals.isEmpty()) {
      rules.add(
          Misconfiguration.reading(
              group + ".principals",
              () -> AllowedCallers.principals(principals.toArray(String[]::new))));
    }
    principalsLike.forEach(
        pattern ->
            rules.add(
                Misconfiguration.reading(
                    group + ".principals-like", () -> AllowedCallers.principalsLike(pattern))));
    return Optional.of(AllowedCallers.anyOf(rules));
  }
}
