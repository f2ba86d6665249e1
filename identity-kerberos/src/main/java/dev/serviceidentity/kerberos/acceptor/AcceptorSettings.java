// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the user has decided about accepting callers.
 *
 * @param channelBindings what is demanded of channel bindings
 * @param clockSkew what the clocks of callers and of this service may differ by
 * @param trustedRealms whose clients may call besides those of the own realm
 * @param replays what remembers authenticators; null for a memory of our own
 */
public record AcceptorSettings(
    ChannelBindingPolicy channelBindings,
    Duration clockSkew,
    Set<String> trustedRealms,
    @Nullable ReplayStore replays) {
  /** What MIT and Windows permit, too. */
  public static final AcceptorSettings USUAL =
      new AcceptorSettings(ChannelBindingPolicy.IF_PRESENT, Duration.ofMinutes(5), Set.of(), null);

  /** Room for one client with 1,100 calls a second; it takes memory only when it is used. */
  private static final int REMEMBERED = 1 << 23;

  /**
   * Decisions.
   *
   * @param trustedRealms whose clients may call besides those of the own realm
   * @param channelBindings what is demanded of channel bindings
   * @param clockSkew what the clocks of callers and of this service may differ by
   * @param replays what remembers authenticators; null for a memory of our own
   */
  public AcceptorSettings {
    trustedRealms = Set.copyOf(trustedRealms);
  }

  /**
   * Decides on channel bindings.
   *
   * @param policy what is demanded of them
   * @return the settings with that
   */
  public AcceptorSettings channelBindings(ChannelBindingPolicy policy) {
    return new AcceptorSettings(policy, clockSkew, trustedRealms, replays);
  }

  /**
   * Decides on clocks.
   *
   * @param skew what they may differ by
   * @return the settings with that
   */
  public AcceptorSettings clockSkew(Duration skew) {
    return new AcceptorSettings(channelBindings, skew, trustedRealms, replays);
  }

  /**
   * Decides on realms.
   *
   * @param realms whose clients may call besides
   * @return the settings with that
   */
  public AcceptorSettings trustedRealms(Set<String> realms) {
    return new AcceptorSettings(channelBindings, clockSkew, realms, replays);
  }

  /**
   * Decides on the memory of authenticators.
   *
   * @param store what remembers them
   * @return the settings with that
   */
  public AcceptorSettings replays(ReplayStore store) {
    return new AcceptorSettings(channelBindings, clockSkew, trustedRealms, store);
  }

  /**
   * Demands that nothing but trusted realms was decided, for an acceptor that cannot follow more.
   *
   * @param principal whose acceptor it is
   * @throws IdentityException with code {@code CONFIGURATION} if more was decided
   */
  public void requireUsual(PrincipalName principal) {
    if (!trustedRealms(Set.of()).equals(USUAL)) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The Kerberos identity of "
              + principal
              + " accepts by jgssAcceptor(), which knows none of channelBindings(...),"
              + " clockSkew(...) and replayStore(...): leave either out");
    }
  }

  /**
   * Of which realms callers may be, for a service of certain realms.
   *
   * @param own the realms of the names that the service accepts as
   * @return the rules
   */
  public RealmRules realms(Set<String> own) {
    return new RealmRules(own, trustedRealms);
  }

  /**
   * Makes an acceptor for each reading of the keytab; all of them have one replay store.
   *
   * @param own the realms of the names that the service accepts as
   * @param clock the clock
   * @return makes one of the keys
   */
  public Function<ServiceKeys, Acceptor> acceptors(Set<String> own, Clock clock) {
    ReplayStore store =
        replays == null ? ReplayStore.inMemory(clock, clockSkew, REMEMBERED) : replays;
    var circumstances =
        new NativeAcceptor.Circumstances(this, realms(own), store, clock, new RandomOctets());
    return keys -> new NativeAcceptor(keys, circumstances);
  }
}
