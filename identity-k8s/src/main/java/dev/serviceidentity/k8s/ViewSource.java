// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.k8s.cluster.LoadReport;

/** Where views come from. Thread-safe. */
interface ViewSource extends AutoCloseable {
  /** The view in force; never waits. */
  NetworkView view();

  LoadReport report();

  Health.Part health();

  @Override
  void close();
}
