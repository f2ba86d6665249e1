// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.replay.SeenAuthenticator;
import dev.serviceidentity.kerberos.token.Authenticator;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** Refuses an authenticator that was, or may have been, accepted before. */
final class ReplayGuard {
  private static final System.Logger LOG = System.getLogger(ReplayGuard.class.getName());

  private final ReplayStore store;
  private final RealmRules realms;
  private final AtomicBoolean isBroken = new AtomicBoolean();

  ReplayGuard(ReplayStore store, RealmRules realms) {
    this.store = store;
    this.realms = realms;
  }

  void check(OpenTicket ticket, Authenticator authenticator, Octets sealed, Instant now)
      throws RefusedTokenException {
    long sent = authenticator.sent().micros();
    Instant since = since();
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
    switch (answer(seen)) {
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

  private Instant since() throws RefusedTokenException {
    try {
      return Objects.requireNonNull(store.since(), "since() of the replay store");
    } catch (RuntimeException bug) {
      // A store may be foreign code: without its word nobody passes.
      broken(bug);
      throw new RefusedTokenException(
          KerberosRejection.REPLAY_STORE_UNAVAILABLE,
          "the replay store does not say since when it remembers");
    }
  }

  private ReplayStore.Answer answer(SeenAuthenticator seen) {
    try {
      ReplayStore.Answer answer =
          Objects.requireNonNull(store.remember(seen), "the answer of the replay store");
      isBroken.set(false);
      return answer;
    } catch (RuntimeException bug) {
      // As above: a store that throws cannot tell.
      broken(bug);
      return ReplayStore.Answer.UNAVAILABLE;
    }
  }

  private void broken(RuntimeException bug) {
    Level level = isBroken.getAndSet(true) ? Level.DEBUG : Level.WARNING;
    LOG.log(level, "The replay store has thrown, and its token is refused.", bug);
  }
}
