// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.audit.AccessEvent;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds what a service records of a call that is about to be made; nobody else calls meanwhile.
 *
 * @param called the service
 * @param before the ids of what it had recorded
 */
record Listening(ShopService called, Set<String> before) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static Listening to(ShopService called) {
    return new Listening(
        called,
        called.events().events().stream()
            .map(event -> event.heading().id())
            .collect(Collectors.toSet()));
  }

  AccessEvent next() throws InterruptedException {
    return called
        .events()
        .await(event -> !before.contains(event.heading().id()), PATIENCE)
        .orElseThrow(() -> new IllegalStateException(called.member() + " recorded no event"));
  }
}
