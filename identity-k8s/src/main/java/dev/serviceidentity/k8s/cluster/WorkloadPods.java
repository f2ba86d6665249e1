// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.List;
import java.util.Objects;

/**
 * A workload and the pods that stand for it. A pod that nothing else made is a workload of kind
 * {@code Pod}.
 *
 * @param namespace its namespace
 * @param kind its kind, such as {@code Deployment}
 * @param name its name
 * @param pods the names by which flows name its pods; that of its template where no pod is shown
 */
public record WorkloadPods(String namespace, String kind, String name, List<String> pods) {
  /**
   * Copies the list.
   *
   * @param namespace its namespace
   * @param kind its kind
   * @param name its name
   * @param pods the names of its pods
   */
  public WorkloadPods {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    pods = List.copyOf(pods);
  }

  /**
   * What people call the workload.
   *
   * @return {@code namespace/name}
   */
  public String displayName() {
    return namespace + "/" + name;
  }
}
