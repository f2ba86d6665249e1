// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.ServiceAccountName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whoever at least one of some rules allows.
 *
 * @param rules the rules
 */
record AnyRule(List<AllowedCallers> rules) implements AllowedCallers {
  @Override
  public boolean allows(Call call) {
    return rules.stream().anyMatch(rule -> rule.allows(call));
  }

  @Override
  public boolean allowsSomewhere(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return rules.stream().anyMatch(rule -> rule.allowsSomewhere(caller, serviceAccount));
  }
}
