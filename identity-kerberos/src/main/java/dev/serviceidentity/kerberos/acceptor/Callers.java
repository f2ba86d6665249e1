// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.keytab.KeytabFile;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.upkeep.CredentialHealth;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;

/** The two ways of meeting callers: with the keys to judge them, or with none. */
public sealed interface Callers {
  /**
   * Who judges them.
   *
   * @return a verifier
   */
  CallerVerifier verifier();

  /**
   * How the keytab does.
   *
   * @return its health
   */
  CredentialHealth health();

  /** Does what is due; blocks. */
  void refresh();

  /** Gives up the keys for good. */
  void forget();

  /** With a keytab. */
  final class Judged implements Callers {
    private final AcceptorKeys keys;
    private final NegotiateVerifier verifier;

    private Judged(PrincipalName own, AcceptorKeys keys) {
      this.keys = keys;
      this.verifier = new NegotiateVerifier(own, keys);
    }

    /**
     * Reads the keytab.
     *
     * @param own whose callers they are
     * @param file where the keys are
     * @param acceptors what accepts with the keys of one reading
     * @param clock the clock
     * @return what judges with the newest good reading
     * @throws IdentityException with code {@code CONFIGURATION} if the keytab cannot be used
     */
    public static Judged open(
        PrincipalName own,
        KeytabFile file,
        Function<ServiceKeys, Acceptor> acceptors,
        Clock clock) {
      return new Judged(own, AcceptorKeys.open(file, acceptors, clock));
    }

    @Override
    public CallerVerifier verifier() {
      return verifier;
    }

    @Override
    public CredentialHealth health() {
      return keys.health();
    }

    @Override
    public void refresh() {
      keys.upkeep();
    }

    @Override
    public void forget() {
      keys.forget();
    }
  }

  /** Without a keytab. */
  final class Refused implements Callers, CallerVerifier {
    private final PrincipalName own;
    private final CredentialHealth health;

    /**
     * Without a key.
     *
     * @param own whose callers they would be
     * @param now since when
     */
    public Refused(PrincipalName own, Instant now) {
      this.own = own;
      this.health = CredentialHealth.up("verifies no callers", now);
    }

    @Override
    public CallerVerifier verifier() {
      return this;
    }

    @Override
    public boolean claims(CallerEvidence evidence) {
      return NegotiateVerifier.isClaimed(evidence);
    }

    @Override
    public Verification verify(CallerEvidence evidence) {
      return rejected(
          KerberosRejection.NO_KEY, "the Kerberos identity of " + own + " has no keytab(...)");
    }

    @Override
    public CredentialHealth health() {
      return health;
    }

    @Override
    public void refresh() {}

    @Override
    public void forget() {}
  }
}
