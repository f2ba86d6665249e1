// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Some of what stands behind a Service, as one EndpointSlice says it.
 *
 * @param endpoints who stands there, whether ready or not
 * @param ports the ports where they listen, by the names of the Service's ports
 */
public record SliceFacts(List<Endpoint> endpoints, Map<String, Integer> ports) {
  /**
   * Who stands behind a Service.
   *
   * @param pod {@code namespace/name} of the pod; empty if it is none
   * @param addresses where it is
   */
  public record Endpoint(String pod, List<String> addresses) {
    /**
     * Copies the list.
     *
     * @param pod the pod
     * @param addresses where it is
     */
    public Endpoint {
      Objects.requireNonNull(pod, "pod");
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Copies the collections.
   *
   * @param endpoints who stands there
   * @param ports the ports where they listen
   */
  public SliceFacts {
    endpoints = List.copyOf(endpoints);
    ports = Map.copyOf(ports);
  }
}
