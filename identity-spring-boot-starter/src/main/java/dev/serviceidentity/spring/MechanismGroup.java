// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.identity.MechanismName;

/** The properties of each mechanism that properties can say, and the module that it needs. */
enum MechanismGroup {
  MTLS(MechanismName.MTLS, "serviceidentity.mtls", "identity-mtls"),
  KERBEROS(MechanismName.KERBEROS, "serviceidentity.kerberos", "identity-kerberos"),
  TOKENS(MechanismName.SERVICE_ACCOUNT_TOKEN, "serviceidentity.tokens", "identity-k8s");

  private final MechanismName mechanism;
  private final String group;
  private final String module;

  MechanismGroup(MechanismName mechanism, String group, String module) {
    this.mechanism = mechanism;
    this.group = group;
    this.module = module;
  }

  MechanismName mechanism() {
    return mechanism;
  }

  String group() {
    return group;
  }

  String module() {
    return module;
  }

  /** What a mechanism is called in messages: its properties, or its name if it has none. */
  static String of(MechanismName name) {
    for (MechanismGroup each : values()) {
      if (each.mechanism.equals(name)) {
        return each.group;
      }
    }
    return name.value();
  }
}
