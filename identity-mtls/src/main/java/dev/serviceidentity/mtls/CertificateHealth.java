// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.identity.Health.Status.DEGRADED;
import static dev.serviceidentity.identity.Health.Status.DOWN;
import static dev.serviceidentity.identity.Health.Status.UP;

import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import java.time.Clock;
import java.time.Instant;

/** What a person should know about the own certificate now, the worst first. */
final class CertificateHealth {
  private final Rotation rotation;
  private final OwnCertificate own;
  private final Clock clock;

  CertificateHealth(Rotation rotation, OwnCertificate own, Clock clock) {
    this.rotation = rotation;
    this.own = own;
    this.clock = clock;
  }

  Health.Part report() {
    try {
      return report(rotation.current());
    } catch (IdentityException closed) {
      return part(DOWN, "Closed", clock.instant());
    }
  }

  private Health.Part report(Material material) {
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
    Instant late = material.lateAt();
    if (!now.isBefore(late)) {
      return part(
          DEGRADED,
          "This service's certificate ends at " + identity.expiresAt() + "; renew it",
          late);
    }
    return part(UP, identity.principal() + " until " + identity.expiresAt(), material.loadedAt());
  }

  private static Health.Part part(Health.Status status, String detail, Instant since) {
    return new Health.Part(MechanismName.MTLS.value(), status, detail, since);
  }
}
