// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.jakarta.PathRules;
import java.util.Set;

/**
 * Who may call by name.
 *
 * @param allowed the callers
 * @param mechanisms what may prove their names
 * @param note what is particular to the path that is asked about; empty if nothing is
 */
record NameRules(AllowedCallers allowed, Set<MechanismName> mechanisms, String note) {
  /** The same on one path, as the filter has it. */
  NameRules on(String path, PathRules rules) {
    return rules.ruleOn(path).map(this::with).orElseGet(this::open);
  }

  private NameRules open() {
    return new NameRules(
        AllowedCallers.matching(caller -> true),
        mechanisms,
        "this path is public: nobody is asked for a name, and the guard asks no policy");
  }

  private NameRules with(AccessRule rule) {
    return new NameRules(
        call -> allowed.allows(call) && rule.allows(call),
        proving(rule.required()),
        rule.required().isEmpty()
            ? ""
            : "this path needs a caller who is proven by each of " + rule.required());
  }

  /** Whoever lacks one of those required is refused, whatever else is proven. */
  private Set<MechanismName> proving(Set<MechanismName> required) {
    if (required.isEmpty()) {
      return mechanisms;
    }
    return mechanisms.containsAll(required) ? required : Set.of();
  }
}
