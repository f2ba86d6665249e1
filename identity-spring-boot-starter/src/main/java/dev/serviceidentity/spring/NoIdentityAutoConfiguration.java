// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.spring.properties.ConditionalUnlessOff;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Conditional;

/** Warns where the identity is switched off by {@code serviceidentity.enabled=false}. */
@AutoConfiguration
@Conditional(NoIdentityAutoConfiguration.SwitchedOff.class)
public final class NoIdentityAutoConfiguration {
  private static final System.Logger LOG =
      System.getLogger(NoIdentityAutoConfiguration.class.getName());

  /** Made by Spring. */
  public NoIdentityAutoConfiguration() {
    LOG.log(
        System.Logger.Level.WARNING,
        "serviceidentity.enabled=false: nobody is asked who he is, and every request reaches the"
            + " application");
  }

  /** By the same reading of the property as that which leaves the identity out. */
  static final class SwitchedOff extends NoneNestedConditions {
    SwitchedOff() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalUnlessOff("serviceidentity.enabled")
    static class On {}
  }
}
