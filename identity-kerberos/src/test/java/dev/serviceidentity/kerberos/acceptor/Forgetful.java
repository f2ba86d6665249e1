// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.replay.SeenAuthenticator;
import java.time.Instant;

/** Lets every authenticator pass, so that nothing but the MACs and the other checks stops one. */
final class Forgetful implements ReplayStore {
  @Override
  public Answer remember(SeenAuthenticator authenticator) {
    return Answer.FIRST;
  }

  @Override
  public Instant since() {
    return Instant.EPOCH;
  }
}
