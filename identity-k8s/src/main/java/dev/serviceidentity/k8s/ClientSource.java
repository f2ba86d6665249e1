// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Where the client of a live view comes from, and what it says of this process. */
interface ClientSource {
  KubernetesClient open();

  /** Called when the view is closed, or did not open. */
  void close(KubernetesClient client);

  Optional<OwnPod> ownPod();
}
