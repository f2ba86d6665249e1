// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.ServiceAccountName;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A rule that goes by who calls alone.
 *
 * @param names true for whoever it names, without looking at method and path
 */
record RuleByName(Predicate<AllowedCallers.Call> names) implements AllowedCallers {
  @Override
  public boolean allows(Call call) {
    return names.test(call);
  }

  @Override
  public boolean allowsSomewhere(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return names.test(new Call(caller, serviceAccount, "", ""));
  }
}
