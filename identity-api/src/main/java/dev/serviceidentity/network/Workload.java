// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import dev.serviceidentity.identity.ServiceAccountName;
import java.util.Map;
import java.util.Objects;

/**
 * A pod and what it runs as, as the cluster shows it.
 *
 * @param serviceAccount what the pod runs as
 * @param pod the pod itself
 * @param labels the pod's labels
 * @param namespaceLabels the labels of its namespace; empty if the namespace is not known
 */
public record Workload(
    ServiceAccountName serviceAccount,
    Pod pod,
    Map<String, String> labels,
    Map<String, String> namespaceLabels) {

  /**
   * One pod's names.
   *
   * @param name its name within the namespace
   * @param uid its uid; empty where a manifest has none
   * @param node the node it runs on; empty where it is not known
   */
  public record Pod(String name, String uid, String node) {
    /**
     * Checks that nothing is missing.
     *
     * @param name the pod's name
     * @param uid its uid
     * @param node its node
     */
    public Pod {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(uid, "uid");
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * Copies the labels.
   *
   * @param serviceAccount what the pod runs as
   * @param pod the pod itself
   * @param labels the pod's labels
   * @param namespaceLabels its namespace's labels
   */
  public Workload {
    Objects.requireNonNull(serviceAccount, "serviceAccount");
    Objects.requireNonNull(pod, "pod");
    labels = Map.copyOf(labels);
    namespaceLabels = Map.copyOf(namespaceLabels);
  }

  /**
   * The namespace, which the pod shares with its service account.
   *
   * @return never empty
   */
  public String namespace() {
    return serviceAccount.namespace();
  }

  /**
   * What people call the pod.
   *
   * @return {@code namespace/pod}
   */
  public String displayName() {
    return namespace() + "/" + pod.name();
  }
}
