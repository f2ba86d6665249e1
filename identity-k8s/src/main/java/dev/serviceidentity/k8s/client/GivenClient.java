// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * A user's client, which is the user's to close; where it reaches says nothing of this process.
 *
 * @param client stays open
 */
public record GivenClient(KubernetesClient client) implements ClientSource {
  @Override
  public KubernetesClient open() {
    return client;
  }

  @Override
  public void close(KubernetesClient unused) {
    // It is not ours.
  }

  @Override
  public Optional<PodName> ownPod() {
    return Optional.empty();
  }
}
