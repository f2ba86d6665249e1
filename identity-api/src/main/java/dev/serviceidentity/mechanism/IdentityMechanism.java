// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.Subscription;
import java.util.Optional;

/**
 * One way of proving identity, ready to use: it has its first credential and keeps it fresh. Usable
 * alone or as a part of a {@code ServiceIdentity}. Thread-safe; meant for implementing.
 */
public interface IdentityMechanism extends AutoCloseable {
  /**
   * Which way this is.
   *
   * @return always the same name
   */
  MechanismName name();

  /**
   * The own identity in use.
   *
   * @return the current snapshot; it may have expired if it could not be refreshed
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CLOSED} after closing
   */
  IdentitySnapshot current();

  /**
   * Credentials for one request to a target.
   *
   * @param target the service to call
   * @return fresh credentials
   * @throws dev.serviceidentity.identity.IdentityException if the own credential has expired, or
   *     the authority must be asked for a new one and does not give it
   */
  RequestCredentials credentialsFor(Target target);

  /**
   * Judges callers that prove themselves this way.
   *
   * @return always the same verifier; one that rejects if this mechanism cannot verify
   */
  CallerVerifier callers();

  /**
   * What TLS stacks need to speak as this identity.
   *
   * @return empty if this mechanism is not one of TLS
   */
  Optional<TlsMaterial> tls();

  /**
   * Registers a listener.
   *
   * @param listener hears of rotations, failures and expiry from now on
   * @return ends the registration when closed
   */
  Subscription subscribe(IdentityListener listener);

  /**
   * Holds open connections to a rule: whoever it named, and names no more, loses them, within a
   * second where the container allows. Of several rules it is enough that one names the caller.
   *
   * @param rule says who may call
   * @return ends the registration when closed; does nothing unless overridden, as by a mechanism
   *     that knows of no connections
   */
  default Subscription holdConnectionsTo(ConnectionRule rule) {
    return () -> {};
  }

  /**
   * How this mechanism does.
   *
   * @return one part, named for the mechanism
   */
  Health.Part health();

  /** Stops refreshing and forgets keys. Closing twice does nothing. */
  @Override
  void close();
}
