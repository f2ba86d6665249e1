// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.Subscription;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Who may keep an open connection: whoever would be verified now, and has not lost the welcome of
 * whoever decides about callers.
 */
final class ConnectionRules {
  private final Function<SSLSession, @Nullable Verification> verifier;
  private final Predicate<SSLSession> called;
  private final Predicate<PrincipalId> proxies;
  private final Set<Registered> welcoming = ConcurrentHashMap.newKeySet();

  /** By identity: the same rule may be registered twice. */
  private static final class Registered {
    private final ConnectionRule rule;

    Registered(ConnectionRule rule) {
      this.rule = rule;
    }
  }

  /**
   * Makes the rules.
   *
   * @param verifier judges a client, or returns null for one that has shown no certificate: that is
   *     refused at requests, if at all
   * @param called tells of a server whether it would be called now
   * @param proxies who speaks for others, and so is welcome whoever else is
   */
  ConnectionRules(
      Function<SSLSession, @Nullable Verification> verifier,
      Predicate<SSLSession> called,
      Predicate<PrincipalId> proxies) {
    this.verifier = verifier;
    this.called = called;
    this.proxies = proxies;
  }

  Subscription hold(ConnectionRule rule) {
    var registered = new Registered(rule);
    welcoming.add(registered);
    return () -> welcoming.remove(registered);
  }

  /** Tells whether a server may stay. */
  boolean mayStay(SSLSession server) {
    return called.test(server);
  }

  /**
   * Tells whether a client may stay. One that was never welcome may: by another credential beside
   * its certificate it may be, and else it is refused at each request, and told so.
   *
   * @param welcomed whether it has been welcome on this connection; set here
   */
  boolean mayStay(SSLSession session, AtomicBoolean welcomed) {
    Verification found = verifier.apply(session);
    if (found instanceof Rejected refused) {
      // Once this identity is closed there is no judge.
      return refused.reason() == RefusalReason.CLOSED;
    }
    return !(found instanceof Verified verified) || mayStay(verified.caller(), welcomed);
  }

  private boolean mayStay(Caller caller, AtomicBoolean welcomed) {
    if (welcoming.isEmpty() || proxies.test(caller.principal())) {
      return true;
    }
    if (welcoming.stream().anyMatch(one -> one.rule.isWelcome(caller))) {
      welcomed.set(true);
      return true;
    }
    return !welcomed.get() && welcoming.stream().noneMatch(one -> one.rule.wasWelcome(caller));
  }
}
