// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.identity.MechanismName;
import java.util.List;

/**
 * The properties of a mechanism that properties can say, and the module that it needs.
 *
 * @param mechanism its name
 * @param group what its properties begin with
 * @param module without which these properties say nothing
 */
record MechanismGroup(MechanismName mechanism, String group, String module) {
  static final List<MechanismGroup> ALL =
      List.of(
          new MechanismGroup(MechanismName.MTLS, "serviceidentity.mtls", "identity-mtls"),
          new MechanismGroup(
              MechanismName.KERBEROS, "serviceidentity.kerberos", "identity-kerberos"),
          new MechanismGroup(
              MechanismName.SERVICE_ACCOUNT_TOKEN, "serviceidentity.tokens", "identity-k8s"));

  /** What a mechanism is called in messages: its properties, or its name if it has none. */
  static String of(MechanismName name) {
    return ALL.stream()
        .filter(each -> each.mechanism.equals(name))
        .map(MechanismGroup::group)
        .findFirst()
        .orElseGet(name::value);
  }
}
