// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;

/**
 * Puts the identity's health into the readiness group, beside the application's own state: a
 * service that can verify nobody should get no traffic, and restarting it would not help. Where the
 * user has said what the group includes, or probes are switched off, nothing is changed.
 */
final class ReadinessMembership implements BeanPostProcessor {
  static final String CONTRIBUTOR = "serviceIdentity";

  private static final String GROUP = "readiness";
  private static final String STATE = "readinessState";
  private static final List<String> STATE_BEANS =
      List.of(STATE + "HealthIndicator", STATE + "HealthContributor");

  private final BeanFactory beans;

  ReadinessMembership(BeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof HealthEndpointProperties properties
        && STATE_BEANS.stream().anyMatch(beans::containsBean)) {
      join(
          properties
              .getGroup()
              .computeIfAbsent(GROUP, absent -> new HealthEndpointProperties.Group()));
    }
    return bean;
  }

  private static void join(HealthEndpointProperties.Group readiness) {
    @Nullable Set<String> included = readiness.getInclude();
    if (included == null) {
      readiness.setInclude(new LinkedHashSet<>(List.of(STATE, CONTRIBUTOR)));
    }
  }
}
