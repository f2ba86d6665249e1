// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.Health.Status.DEGRADED;
import static dev.serviceidentity.identity.Health.Status.DOWN;
import static dev.serviceidentity.identity.Health.Status.UP;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What a person should know about the own certificate now, the worst first. */
final class CertificateHealth {
  /** Whoever renews certificates does so with more than this part of their life left. */
  private static final int LATE_PART = 5;

  private final Rotation rotation;
  private final OwnCertificate own;
  private final Clock clock;

  CertificateHealth(Rotation rotation, OwnCertificate own, Clock clock) {
    this.rotation = rotation;
    this.own = own;
    this.clock = clock;
  }

  Health.Part report() {
    Material material = rotation.current();
    IdentitySnapshot identity = material.identity();
    Instant now = clock.instant();
    if (!now.isBefore(identity.expiresAt())) {
      return part(
          DOWN,
          "This service's certificate expired at "
              + identity.expiresAt()
              + "; see why it was not renewed",
          identity.expiresAt());
    }
    Rotation.Failure failure = rotation.failure();
    if (failure != null) {
      return part(DEGRADED, failure.message(), failure.since());
    }
    String refusal = own.refusalByPeers(material.credential(), now);
    if (refusal != null) {
      return part(DEGRADED, refusal, material.loadedAt());
    }
    Instant late = late(identity);
    if (!now.isBefore(late)) {
      return part(
          DEGRADED,
          "This service's certificate ends at " + identity.expiresAt() + "; renew it",
          late);
    }
    return part(UP, identity.principal() + " until " + identity.expiresAt(), material.loadedAt());
  }

  static Health.Part part(Health.Status status, String detail, Instant since) {
    return new Health.Part(MechanismName.MTLS.value(), status, detail, since);
  }

  /** When a renewal is overdue. */
  static Instant late(IdentitySnapshot identity) {
    return identity.expiresAt().minus(life(identity).dividedBy(LATE_PART));
  }

  private static Duration life(IdentitySnapshot identity) {
    return Duration.between(identity.notBefore(), identity.expiresAt());
  }
}
