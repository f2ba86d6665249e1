// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

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
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The identity of one service: proves who it is, verifies who calls, and checks that the caller is
 * allowed to be there.
 *
 * <pre>{@code
 * try (var identity = ServiceIdentity.builder()
 *     .mechanism(MtlsIdentity.builder().pemDirectory(certificates).trustDomain("shop.example"))
 *     .network(KubernetesNetwork.fromManifests(manifests)
 *         .ownPod("shop", "orders-0")
 *         .binding(WorkloadBinding.builder().trustDomain("shop.example").build()))
 *     .allow(AllowedCallers.serviceAccounts("shop/web"))
 *     .open()) {
 *   AccessDecision decision = identity.admit(evidence);
 *   decision.applyTo(response::addHeader);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Several identities live side by side in one JVM without touching each other. An
 * interface so that tests can replace it; users do not implement it otherwise.
 */
public interface ServiceIdentity extends AutoCloseable {
  /**
   * Starts to configure an identity.
   *
   * @return a builder for one identity
   */
  static ServiceIdentityBuilder builder() {
    return new ServiceIdentityBuilder();
  }

  /**
   * Credentials of all mechanisms for one request to a target.
   *
   * @param target the service to call
   * @return fresh credentials, for one request only
   * @throws dev.serviceidentity.identity.IdentityException if a mechanism cannot give any; a
   *     request that silently proved less than configured would be refused elsewhere, or worse,
   *     not. Also with code {@code CONFIGURATION} if two mechanisms write {@code Authorization},
   *     and with code {@code CLOSED} after closing
   */
  RequestCredentials credentialsFor(Target target);

  /**
   * What TLS stacks need to speak as this identity.
   *
   * @return always the same object
   * @throws IllegalStateException if no mechanism is one of TLS
   */
  TlsMaterial tls();

  /**
   * Says who is calling, and nothing about whether it may: the first layer alone, unrecorded.
   * Blocks for at most the admission timeout.
   *
   * @param evidence what the request brought
   * @return verified or rejected
   */
  Verification verify(CallerEvidence evidence);

  /**
   * Takes a request through all layers: who is it, may it call, does its credential come from its
   * own pod, do the network policies permit the path. Every outcome is an access event, except
   * after closing; equal refusals by the layers IDENTITY and CALLER are counted together.
   *
   * <p>Decides in memory where it can; where it must ask, it blocks for at most the admission
   * timeout and then refuses.
   *
   * @param evidence what the request brought
   * @return admitted or refused; never an exception for what a caller sends
   */
  default AccessDecision admit(CallerEvidence evidence) {
    return admit(evidence, AccessRule.usual());
  }

  /**
   * The same as {@link #admit(CallerEvidence)} for a request that needs more than all do.
   *
   * @param evidence what the request brought
   * @param rule what such requests need beside what the service demands of all
   * @return admitted or refused; never an exception for what a caller sends
   */
  AccessDecision admit(CallerEvidence evidence, AccessRule rule);

  /**
   * The same as {@link #admit(CallerEvidence)} for event loops: never blocks. What is attached to a
   * stage that had to wait runs on the common pool, unless it is given an executor.
   *
   * @param evidence what the request brought
   * @return a stage that completes within the admission timeout, never exceptionally; complete
   *     already if nothing had to be asked
   */
  default CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence) {
    return admitAsync(evidence, AccessRule.usual());
  }

  /**
   * The same as {@link #admitAsync(CallerEvidence)} for a request that needs more than all do.
   *
   * @param evidence what the request brought
   * @param rule what such requests need beside what the service demands of all
   * @return a stage that completes within the admission timeout, never exceptionally
   */
  CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence, AccessRule rule);

  /**
   * What callers are judged by, for those who ask who may call and not about one call.
   *
   * @return the terms in force, in which a followed file and a live view stay live
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CLOSED} after closing
   */
  AccessTerms terms();

  /**
   * Checks this service itself: are its identities valid and its parts healthy, and do the network
   * policies permit the paths it needs? A live view of the cluster may ask the API server for what
   * stands behind the targets that it was told, and block for that.
   *
   * @param paths flows that this service opens or accepts
   * @return what was found
   */
  SelfCheck selfCheck(Flow... paths);

  /**
   * The own identities in use, one for each mechanism.
   *
   * @return in the order of configuration
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CLOSED} after closing
   */
  List<IdentitySnapshot> identities();

  /**
   * How each part does. A part that fails to say is down, and so is a closed identity.
   *
   * @return the current health, never an exception
   */
  Health health();

  /**
   * Registers a listener with every mechanism.
   *
   * @param listener hears of rotations, failures and expiry from now on
   * @return ends the registrations when closed
   */
  Subscription subscribe(IdentityListener listener);

  /** Refuses everything from now on, writes the queued events, and closes what this opened. */
  @Override
  void close();
}
