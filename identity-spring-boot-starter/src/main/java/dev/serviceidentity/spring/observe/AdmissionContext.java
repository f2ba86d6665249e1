// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.observe;

import dev.serviceidentity.access.AccessDecision;
import io.micrometer.observation.Observation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One admission that is observed. */
public final class AdmissionContext extends Observation.Context {
  private volatile @Nullable AccessDecision decision;

  AdmissionContext() {}

  /**
   * What was decided. It names pods, policies and principals, which do not belong in tags.
   *
   * @return empty until then, and if the identity failed
   */
  public Optional<AccessDecision> decision() {
    return Optional.ofNullable(decision);
  }

  AccessDecision decided(AccessDecision made) {
    decision = made;
    return made;
  }
}
