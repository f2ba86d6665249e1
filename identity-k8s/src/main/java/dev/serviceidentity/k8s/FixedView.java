// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.cluster.LoadReport;

/** A view that does not change, because its manifests are all there is to know. */
record FixedView(NetworkView view, LoadReport report, Health.Part health) implements ViewSource {
  @Override
  public void close() {
    // There is nothing to stop.
  }
}
