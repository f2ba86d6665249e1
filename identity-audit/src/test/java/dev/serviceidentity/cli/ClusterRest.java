// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.Eventually;
import dev.serviceidentity.k8s.RealCluster;

/** What is wrong anywhere in a cluster counts, and other tests leave some behind for a moment. */
final class ClusterRest {
  private ClusterRest() {}

  static void await(RealCluster cluster) throws Exception {
    Eventually.eventually(
        "what others have left is gone",
        () -> cluster.client().namespaces().list().getItems(),
        all -> all.stream().allMatch(each -> each.getMetadata().getDeletionTimestamp() == null));
  }
}
