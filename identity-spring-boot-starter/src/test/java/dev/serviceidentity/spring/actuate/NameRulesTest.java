// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.jakarta.PathRules;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameRulesTest {
  private static final PathRules BOTH =
      PathRules.builder()
          .path(
              "/admin/**",
              AccessRule.usual().require(MechanismName.MTLS).require(MechanismName.KERBEROS))
          .build();

  @Test
  void whereTwoMechanismsAreRequiredNobodyIsProvenByAServiceThatHasOne() {
    var names = new NameRules(AllowedCallers.nobody(), Set.of(MechanismName.MTLS), "");
    assertThat(names.on("/admin/x", BOTH).mechanisms()).isEmpty();
    assertThat(names.on("/orders", BOTH).mechanisms()).containsExactly(MechanismName.MTLS);
  }
}
