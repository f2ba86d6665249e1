// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.observe;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.AccessTerms;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.network.Flow;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * An identity each admission of which is an observation; see {@link AdmissionConvention}. Whoever
 * admits requests himself can ask it in place of the identity, as the filter does. Closing it
 * closes the identity. Thread-safe.
 */
public final class ObservedIdentity implements ServiceIdentity {
  private final ServiceIdentity observed;
  private final ObservationRegistry registry;
  private final AdmissionConvention convention;

  private ObservedIdentity(
      ServiceIdentity observed, ObservationRegistry registry, AdmissionConvention convention) {
    this.observed = Objects.requireNonNull(observed, "observed");
    this.registry = Objects.requireNonNull(registry, "registry");
    this.convention = Objects.requireNonNull(convention, "convention");
  }

  /**
   * An identity that is observed.
   *
   * @param identity what decides
   * @param registry who hears of it
   * @param convention what it is called and tagged with
   * @return the same decisions
   */
  public static ServiceIdentity of(
      ServiceIdentity identity, ObservationRegistry registry, AdmissionConvention convention) {
    return new ObservedIdentity(identity, registry, convention);
  }

  @Override
  public AccessDecision admit(CallerEvidence evidence, AccessRule rule) {
    var context = new AdmissionContext();
    return observation(context).observe(() -> context.decided(observed.admit(evidence, rule)));
  }

  @Override
  public CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence, AccessRule rule) {
    var context = new AdmissionContext();
    Observation observation = observation(context).start();
    return observed
        .admitAsync(evidence, rule)
        .whenComplete(
            (decision, failed) -> {
              if (decision != null) {
                context.decided(decision);
              }
              observation.stop();
            });
  }

  private Observation observation(AdmissionContext context) {
    return Observation.createNotStarted(convention, () -> context, registry);
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    return observed.credentialsFor(target);
  }

  @Override
  public TlsMaterial tls() {
    return observed.tls();
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    return observed.verify(evidence);
  }

  @Override
  public AccessTerms terms() {
    return observed.terms();
  }

  @Override
  public SelfCheck selfCheck(Flow... paths) {
    return observed.selfCheck(paths);
  }

  @Override
  public List<IdentitySnapshot> identities() {
    return observed.identities();
  }

  @Override
  public Health health() {
    return observed.health();
  }

  @Override
  public Subscription subscribe(IdentityListener listener) {
    return observed.subscribe(listener);
  }

  @Override
  public void close() {
    observed.close();
  }
}
