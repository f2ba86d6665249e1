// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.time.Instant;

/** The two ways of meeting callers: with the keys to judge them, or with none. */
sealed interface Callers {
  CallerVerifier verifier();

  CredentialHealth health();

  /** Does what is due; blocks. */
  void refresh();

  void forget();

  /** With a keytab. */
  final class Judged implements Callers {
    private final AcceptorKeys keys;
    private final NegotiateVerifier verifier;

    Judged(PrincipalName own, AcceptorKeys keys) {
      this.keys = keys;
      this.verifier = new NegotiateVerifier(own, keys);
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

    Refused(PrincipalName own, Instant now) {
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
