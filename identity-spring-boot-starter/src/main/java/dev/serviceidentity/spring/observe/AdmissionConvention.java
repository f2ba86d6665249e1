// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.observe;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.RefusalReason;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import java.util.Optional;

/**
 * What an observed admission is called and tagged with: {@code serviceidentity.admission}, {@code
 * decision} ({@code admitted}, {@code refused}, or {@code reported} where a layer only reports) and
 * {@code reason}, the stable code of a refusal or {@code none}. A bean of this type takes its
 * place; tags with principals or paths would have as many values as callers care to send.
 */
public interface AdmissionConvention extends ObservationConvention<AdmissionContext> {
  @Override
  default boolean supportsContext(Observation.Context context) {
    return context instanceof AdmissionContext;
  }

  @Override
  default String getName() {
    return "serviceidentity.admission";
  }

  @Override
  default String getContextualName(AdmissionContext context) {
    return "admission";
  }

  @Override
  default KeyValues getLowCardinalityKeyValues(AdmissionContext context) {
    Optional<AccessDecision> made = context.decision();
    if (made.isEmpty()) {
      // An identity that fails admits nobody.
      return tags("refused", RefusalReason.INTERNAL_ERROR.name());
    }
    return made.get() instanceof Refused refused
        ? tags("refused", refused.reason().name())
        : ((Admitted) made.get())
            .wouldHaveBeenRefused()
            .map(Refusal::reason)
            .map(reason -> tags("reported", reason.name()))
            .orElseGet(() -> tags("admitted", "none"));
  }

  private static KeyValues tags(String decision, String reason) {
    return KeyValues.of("decision", decision, "reason", reason);
  }
}
