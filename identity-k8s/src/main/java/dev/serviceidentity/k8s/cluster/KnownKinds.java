// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The kinds of objects with addresses or labels that are read, and what is nearly one of them. */
final class KnownKinds {
  private static final Map<String, String> VERSIONS =
      Map.ofEntries(
          Map.entry("Namespace", "v1"),
          Map.entry("Node", "v1"),
          Map.entry("Pod", "v1"),
          Map.entry("ServiceAccount", "v1"),
          Map.entry("ReplicationController", "v1"),
          Map.entry("Deployment", "apps/v1"),
          Map.entry("StatefulSet", "apps/v1"),
          Map.entry("DaemonSet", "apps/v1"),
          Map.entry("ReplicaSet", "apps/v1"),
          Map.entry("Job", "batch/v1"),
          Map.entry("CronJob", "batch/v1"));

  private static final Set<String> CLUSTER_WIDE = Set.of("Namespace", "Node");

  /** In the groups of others such a name is a kind of its own. */
  private static final Pattern GROUP = Pattern.compile("|((apps|batch|extensions)/)?v[0-9].*");

  private KnownKinds() {}

  static boolean isNamespace(ManifestObject object) {
    return object.kind().equals("Namespace") && isRead(object);
  }

  static boolean isNamespaced(ManifestObject object) {
    return isRead(object)
        ? !CLUSTER_WIDE.contains(object.kind())
        : object.kind().equals("NetworkPolicy")
            && object.apiVersion().equals("networking.k8s.io/v1");
  }

  private static boolean isRead(ManifestObject object) {
    return object.apiVersion().equals(VERSIONS.get(object.kind()));
  }

  /** What an object that is not read should perhaps have called itself. */
  static Optional<String> meantBy(ManifestObject object) {
    return GROUP.matcher(object.apiVersion()).matches()
        ? Spelling.nearest(object.kind(), VERSIONS.keySet())
            .map(kind -> VERSIONS.get(kind) + " " + kind)
        : Optional.empty();
  }
}
