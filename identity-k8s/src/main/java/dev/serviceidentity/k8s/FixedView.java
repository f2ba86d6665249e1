// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Manifests;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.k8s.policy.ClusterFacts;

/** A view that does not change, because its manifests are all there is to know. */
record FixedView(ClusterView view, Manifests contents, Health.Part health) implements ViewSource {
  @Override
  public Backing backing(String namespace, String service) {
    return new ManifestBackings(contents, view.engine()).of(namespace, service);
  }

  @Override
  public ClusterFacts facts() {
    return contents.facts();
  }

  @Override
  public LoadReport report() {
    return contents.report();
  }

  @Override
  public void close() {
    // There is nothing to stop.
  }
}
