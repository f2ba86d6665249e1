// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A client of the API server by what Kubernetes gives each pod: its service account's files. */
public final class PodClient {
  private PodClient() {}

  /**
   * Makes a client for this process' pod. It reads the token anew for each request.
   *
   * @return the client, to be closed by the caller
   * @throws IdentityException with code {@code CONFIGURATION} if this process does not run in a pod
   */
  public static KubernetesClient open() {
    return InCluster.ofThisProcess().open();
  }
}
