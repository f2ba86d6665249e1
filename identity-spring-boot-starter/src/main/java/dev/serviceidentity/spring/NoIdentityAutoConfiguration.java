// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;

/** Warns where the identity is switched off by {@code serviceidentity.enabled=false}. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "serviceidentity.enabled", havingValue = false)
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
}
