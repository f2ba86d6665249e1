// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

/** The kinds of objects of a live cluster that are looked at, as the API names them. */
public enum LiveKind {
  /** The labels of namespaces. */
  NAMESPACE("v1", "namespaces", "Namespace"),
  /** Who has which address, labels and service account. */
  POD("v1", "pods", "Pod"),
  /** The addresses of nodes. */
  NODE("v1", "nodes", "Node"),
  /** What service accounts claim to be. */
  SERVICE_ACCOUNT("v1", "serviceaccounts", "ServiceAccount"),
  /** The policies of a namespace. */
  NETWORK_POLICY("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
  /** Cluster-wide policies of either tier. */
  CLUSTER_NETWORK_POLICY(
      "policy.networking.k8s.io/v1alpha2", "clusternetworkpolicies", "ClusterNetworkPolicy"),
  /** Cluster-wide policies before the others, of the older version. */
  ADMIN_NETWORK_POLICY(
      "policy.networking.k8s.io/v1alpha1", "adminnetworkpolicies", "AdminNetworkPolicy"),
  /** The cluster-wide policy after the others, of the older version. */
  BASELINE_ADMIN_NETWORK_POLICY(
      "policy.networking.k8s.io/v1alpha1",
      "baselineadminnetworkpolicies",
      "BaselineAdminNetworkPolicy"),
  /** The ports of a Service, and whom it selects. */
  SERVICE("v1", "services", "Service"),
  /** Who stands behind a Service. */
  ENDPOINT_SLICE("discovery.k8s.io/v1", "endpointslices", "EndpointSlice"),
  /** The same in clusters before Kubernetes 1.21. */
  EARLY_ENDPOINT_SLICE("discovery.k8s.io/v1beta1", "endpointslices", "EndpointSlice");

  private static final String CORE = "v1";

  private final String apiVersion;
  private final String plural;
  private final String text;

  LiveKind(String apiVersion, String plural, String text) {
    this.apiVersion = apiVersion;
    this.plural = plural;
    this.text = text;
  }

  /**
   * The group and version.
   *
   * @return such as {@code networking.k8s.io/v1}, or {@code v1} of the core group
   */
  public String apiVersion() {
    return apiVersion;
  }

  /**
   * The group.
   *
   * @return empty for the core group
   */
  public String group() {
    return isCore() ? "" : apiVersion.substring(0, apiVersion.indexOf('/'));
  }

  /**
   * The resource.
   *
   * @return such as {@code pods}
   */
  public String plural() {
    return plural;
  }

  /**
   * Where the API has this version of the group.
   *
   * @return a path without a slash at its end
   */
  public String root() {
    return (isCore() ? "/api/" : "/apis/") + apiVersion;
  }

  private boolean isCore() {
    return apiVersion.equals(CORE);
  }

  /**
   * Whether a cluster may do without the kind.
   *
   * @return true for those that somebody has to install
   */
  public boolean isInstalled() {
    return ClusterPolicyDialect.of(apiVersion, text).isPresent();
  }

  /** Returns the kind as manifests write it. */
  @Override
  public String toString() {
    return text;
  }
}
