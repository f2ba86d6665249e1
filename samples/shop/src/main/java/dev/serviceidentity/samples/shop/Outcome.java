// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.identity.MechanismName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to.
 *
 * @param status the HTTP status, or {@link #NO_RESPONSE} if the TLS handshake was refused
 * @param event what the called service recorded
 */
public record Outcome(int status, AccessEvent event) {
  static final int NO_RESPONSE = 0;
  private static final int OK = 200;

  /**
   * What a call should come to.
   *
   * @param status the HTTP status, or {@link #NO_RESPONSE}
   * @param shown the mechanisms whose evidence the called service should see
   * @param layer the layer that should refuse, or would have; null if none
   * @param reason the code that it should give, or null
   */
  public record Expected(
      int status, Set<MechanismName> shown, @Nullable Layer layer, @Nullable String reason) {
    /** Expects that the call is let through. */
    public static Expected admitted(MechanismName... shown) {
      return new Expected(OK, Set.of(shown), null, null);
    }

    static Expected reported(MechanismName shown, Layer layer, String reason) {
      return new Expected(OK, Set.of(shown), layer, reason);
    }

    static Expected refused(int status, MechanismName shown, Layer layer, String reason) {
      return new Expected(status, Set.of(shown), layer, reason);
    }

    static Expected challenged() {
      return new Expected(401, Set.of(), Layer.IDENTITY, "NO_CREDENTIALS");
    }

    /** Admitted in spite of a layer's refusal: the event must say that it was not enforced. */
    private boolean isReportOnly() {
      return status == OK && layer != null;
    }
  }

  boolean is(Expected expected) {
    AccessEvent.Outcome outcome = event.outcome();
    Decision decision = expected.status() == OK ? Decision.ADMITTED : Decision.REFUSED;
    return outcome.decision() == decision
        && outcome.enforced() != expected.isReportOnly()
        && expected.equals(
            new Expected(
                status, Set.copyOf(event.proof().mechanisms()), outcome.layer(), outcome.reason()));
  }
}
