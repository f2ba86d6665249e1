// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.ServiceAccountName;
import org.jspecify.annotations.Nullable;

/**
 * A rule that counts on some paths only.
 *
 * @param paths where it counts
 * @param rule who may call there
 */
record RuleOnPath(PathPattern paths, AllowedCallers rule) implements AllowedCallers {
  @Override
  public boolean allows(Call call) {
    return paths.matches(call.path()) && rule.allows(call);
  }

  @Override
  public boolean allowsSomewhere(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return rule.allowsSomewhere(caller, serviceAccount);
  }
}
