// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Layers that only report what they would refuse, each until an end.
 *
 * @param bindingUntil until when a credential that comes from another workload's pod is only
 *     reported, for example 2027-01-31T00:00:00Z
 * @param networkUntil until when a call that the network policies do not permit is only reported
 */
@ConfigurationProperties(prefix = "serviceidentity.report-only", ignoreUnknownFields = false)
public record ReportOnlyProperties(@Nullable Instant bindingUntil, @Nullable Instant networkUntil) {
  /**
   * What is enforced then.
   *
   * @return everything, but for the layers that only report
   */
  public Enforcement enforcement() {
    Enforcement all = Enforcement.enforce();
    Enforcement bound = bindingUntil == null ? all : all.andReportOnly(Layer.BINDING, bindingUntil);
    return networkUntil == null ? bound : bound.andReportOnly(Layer.NETWORK, networkUntil);
  }
}
