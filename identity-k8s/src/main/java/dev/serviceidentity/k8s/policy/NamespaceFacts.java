// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Map;
import java.util.Objects;

/**
 * One namespace.
 *
 * @param name its name
 * @param labels its labels, with {@code kubernetes.io/metadata.name} where the API server sets it
 */
public record NamespaceFacts(String name, Map<String, String> labels) {
  /** The label that the API server sets on every namespace, with the namespace's name. */
  public static final String NAME_LABEL = "kubernetes.io/metadata.name";

  /**
   * Copies the labels.
   *
   * @param name its name
   * @param labels its labels
   */
  public NamespaceFacts {
    Objects.requireNonNull(name, "name");
    labels = Map.copyOf(labels);
  }
}
