// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to.
 *
 * @param status the HTTP status, or {@link #NO_RESPONSE} if the TLS handshake was refused
 * @param event what the called service recorded
 */
record Outcome(int status, AccessEvent event) {
  static final int NO_RESPONSE = 0;

  /**
   * What a call should come to.
   *
   * @param status the HTTP status, or {@link #NO_RESPONSE}
   * @param decision what the called service should decide
   * @param layer the layer that should refuse, or would have; null if none
   * @param reason the code that it should give, or null
   */
  record Expected(int status, Decision decision, @Nullable Layer layer, @Nullable String reason) {
    static Expected admitted() {
      return new Expected(200, Decision.ADMITTED, null, null);
    }

    static Expected reported(Layer layer, String reason) {
      return new Expected(200, Decision.ADMITTED, layer, reason);
    }

    static Expected refusedInHandshake(String reason) {
      return refused(NO_RESPONSE, Layer.IDENTITY, reason);
    }

    static Expected refused(int status, Layer layer, String reason) {
      return new Expected(status, Decision.REFUSED, layer, reason);
    }
  }

  /** What the called service decided, in the terms of an expectation. */
  Expected actual() {
    AccessEvent.Outcome outcome = event.outcome();
    return new Expected(status, outcome.decision(), outcome.layer(), outcome.reason());
  }
}
