// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import java.util.concurrent.CompletableFuture;

/** Where an issuer's keys come from. */
@FunctionalInterface
interface KeySource {
  /**
   * Asks for the keys.
   *
   * @return a JWK set as text; a stage that fails does so with an {@link IdentityException}
   */
  CompletableFuture<String> fetch();
}
