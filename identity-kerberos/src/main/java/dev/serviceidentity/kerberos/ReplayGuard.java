// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.replay.SeenAuthenticator;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.time.Instant;

/** Refuses an authenticator that was, or may have been, accepted before. */
final class ReplayGuard {
  private final ReplayStore store;
  private final RealmRules realms;

  ReplayGuard(ReplayStore store, RealmRules realms) {
    this.store = store;
    this.realms = realms;
  }

  void check(OpenTicket ticket, Authenticator authenticator, Octets sealed, Instant now)
      throws RefusedTokenException {
    long sent = authenticator.sent().micros();
    Instant since = store.since();
    if (sent < since.getEpochSecond() * 1_000_000 + since.getNano() / 1000) {
      throw tooOld(since, now);
    }
    int tag = sealed.length() - ticket.contents().session().type().macLength();
    var seen =
        new SeenAuthenticator(
            ticket.key().owner(),
            ticket.clientText(),
            realms.isVisitor(ticket),
            sealed.from(tag).copy(),
            sent);
    switch (store.remember(seen)) {
      case FIRST -> {}
      case REPLAYED ->
          throw new RefusedTokenException(
              KerberosRejection.REPLAYED,
              "a token of " + ticket.clientText() + " with this authenticator was accepted before");
      case OVER_QUOTA ->
          throw new RefusedTokenException(
              KerberosRejection.OVER_QUOTA,
              ticket.clientText()
                  + " has sent as many tokens within the clock skew as one client may, or the"
                  + " clients of other realms together as many as they may");
      case UNAVAILABLE ->
          throw new RefusedTokenException(
              KerberosRejection.REPLAY_STORE_UNAVAILABLE,
              "the replay store is full or out of reach");
    }
  }

  private static RefusedTokenException tooOld(Instant since, Instant now) {
    String detail = "the token was made before " + since + ", since when tokens are remembered";
    return new RefusedTokenException(
        KerberosRejection.SENT_BEFORE_START,
        since.isAfter(now)
            ? detail + "; it is " + now + " by this service's clock, which was put back"
            : detail);
  }
}
