// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Where a client comes from, and what it says of this process. */
public interface ClientSource {
  /**
   * A pod.
   *
   * @param namespace its namespace
   * @param name its name
   */
  record PodName(String namespace, String name) {}

  /**
   * The way to the API server.
   *
   * @return a client
   * @throws dev.serviceidentity.identity.IdentityException if there is none
   */
  KubernetesClient open();

  /**
   * Called once when what uses the client is closed, or did not open.
   *
   * @param client as {@link #open()} gave it
   */
  void close(KubernetesClient client);

  /**
   * Which pod this process is.
   *
   * @return empty if that is not known
   */
  Optional<PodName> ownPod();
}
