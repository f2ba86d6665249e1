// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import java.time.Instant;
import java.util.Optional;

/** An identity that never changes and knows no caller. */
record SteadyMechanism(String principal) implements IdentityMechanism {
  @Override
  public MechanismName name() {
    return MechanismName.MTLS;
  }

  @Override
  public IdentitySnapshot current() {
    return new IdentitySnapshot(PrincipalId.parse(principal), Instant.EPOCH, Instant.MAX, 1);
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    return RequestCredentials.inConnection();
  }

  @Override
  public CallerVerifier callers() {
    return evidence -> Verification.rejected(RefusalReason.NO_CREDENTIALS, "knows nobody");
  }

  @Override
  public Optional<TlsMaterial> tls() {
    return Optional.empty();
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    return () -> {};
  }

  @Override
  public Health.Part health() {
    return new Health.Part("mtls", Health.Status.UP, "steady", Instant.EPOCH);
  }

  @Override
  public void close() {}
}
