// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.ServiceFacts;
import dev.serviceidentity.k8s.cluster.SliceFacts;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What stands behind a Service at one moment.
 *
 * @param service the Service; empty if there is none
 * @param slices who stands behind it
 * @param engine decides about flows to them
 * @param findings what of it cannot be read
 */
public record Backing(
    Optional<ServiceFacts> service,
    List<SliceFacts> slices,
    PolicyEngine engine,
    List<Finding> findings) {
  /**
   * Copies the lists.
   *
   * @param service the Service
   * @param slices who stands behind it
   * @param engine decides about flows to them
   * @param findings what of it cannot be read
   */
  public Backing {
    Objects.requireNonNull(service, "service");
    slices = List.copyOf(slices);
    Objects.requireNonNull(engine, "engine");
    findings = List.copyOf(findings);
  }
}
