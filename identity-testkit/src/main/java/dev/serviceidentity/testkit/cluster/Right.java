// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.cluster;

import java.util.Map;

/** One right of the service account that a view reads the cluster with. */
record Right(String verb, String resource) implements Comparable<Right> {
  static final String NETWORK_POLICIES = "networkpolicies";
  static final String CLUSTER_POLICIES = "clusternetworkpolicies";
  static final String NAMESPACES = "namespaces";
  static final String PODS = "pods";
  static final String NODES = "nodes";
  static final String SERVICE_ACCOUNTS = "serviceaccounts";

  private static final Map<String, String> GROUPS =
      Map.of(
          NETWORK_POLICIES, "networking.k8s.io",
          CLUSTER_POLICIES, "policy.networking.k8s.io",
          NAMESPACES, "",
          PODS, "",
          NODES, "",
          SERVICE_ACCOUNTS, "");

  Right {
    if (!GROUPS.containsKey(resource)) {
      throw new IllegalArgumentException(
          "a view reads no "
              + resource
              + "; it reads "
              + GROUPS.keySet().stream().sorted().toList());
    }
    if (!verb.equals("list") && !verb.equals("watch")) {
      throw new IllegalArgumentException("a view lists and watches; '" + verb + "' it needs not");
    }
  }

  /** What a person greps for and puts into a Role. */
  @Override
  public String toString() {
    String group = GROUPS.get(resource);
    return verb + " " + resource + (group == null || group.isEmpty() ? "" : "." + group);
  }

  @Override
  public int compareTo(Right other) {
    return toString().compareTo(other.toString());
  }
}
