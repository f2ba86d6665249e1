// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.token.ApReply;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.Authenticator;
import dev.serviceidentity.kerberos.token.MechListMic;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Accepts tokens by itself (RFC 4120 section 3.2.3, RFC 4121 section 4.1): nothing of the JVM is
 * configured or read but its AES, HMAC and random numbers. Until a MAC has been verified the work
 * is proportional to the token; the replay cache is asked last, so that it holds accepted tokens
 * only.
 */
final class NativeAcceptor implements Acceptor {
  private static final int TICKETS = 1 << 14;

  private final ServiceKeys keys;
  private final Circumstances circumstances;
  private final TicketCache tickets;

  /** What does not change with the keys. Thread-safe. */
  static final class Circumstances {
    private final Clock clock;
    private final RandomOctets random;
    private final long skew;
    private final TicketRules ticketRules;
    private final AuthenticatorRules authenticatorRules;
    private final ChannelBindingRule channelBindings;
    private final ReplayGuard replays;

    /**
     * Circumstances.
     *
     * @param realms of which realms callers may be
     * @param replays what remembers authenticators
     */
    Circumstances(
        AcceptorSettings settings,
        RealmRules realms,
        ReplayStore replays,
        Clock clock,
        RandomOctets random) {
      this.clock = clock;
      this.random = random;
      this.skew = settings.clockSkew().toSeconds();
      this.ticketRules = new TicketRules(settings.clockSkew(), realms);
      this.authenticatorRules = new AuthenticatorRules(settings.clockSkew());
      this.channelBindings = new ChannelBindingRule(settings.channelBindings());
      this.replays = new ReplayGuard(replays, realms);
    }
  }

  NativeAcceptor(ServiceKeys keys, Circumstances circumstances) {
    this(keys, circumstances, new TicketCache(TICKETS));
  }

  /** With a cache of another size, which is empty. */
  NativeAcceptor(ServiceKeys keys, Circumstances circumstances, TicketCache tickets) {
    this.keys = keys;
    this.circumstances = circumstances;
    this.tickets = tickets;
  }

  @Override
  public Accepted accept(NegotiateToken token, ApRequest request, CallerEvidence evidence)
      throws RefusedTokenException {
    Instant now = circumstances.clock.instant();
    long seconds = now.getEpochSecond();
    OpenTicket known = tickets.find(request, seconds);
    OpenTicket ticket = known == null ? keys.open(request) : known;
    InetAddress source = evidence.source().getAddress();
    circumstances.ticketRules.check(ticket, seconds, source);
    ProtocolKey session = ticket.contents().session();
    Authenticator authenticator = open(request.authenticator(), session);
    circumstances.authenticatorRules.check(request, ticket, authenticator, seconds);
    circumstances.channelBindings.check(authenticator.checksum(), evidence.channelBindings());
    MechListMic.verify(token.offer(), authenticator, session);
    if (known == null) {
      tickets.keep(ticket, seconds);
    }
    circumstances.replays.check(ticket, authenticator, request.authenticator().cipher(), now);
    return new Accepted(ticket.caller(now), reply(token, request, authenticator, session));
  }

  @Override
  public void tidy() {
    tickets.forgetEndedBefore(circumstances.clock.instant().getEpochSecond() - circumstances.skew);
  }

  private static Authenticator open(EncryptedPart part, ProtocolKey session)
      throws RefusedTokenException {
    if (part.etype() != session.type().number()) {
      throw new RefusedTokenException(
          KerberosRejection.TAMPERED,
          "the authenticator says another encryption type than that of the session key");
    }
    Octets cipher = part.cipher();
    byte[] plain =
        session
            .open(KeyUsage.AUTHENTICATOR, cipher.array(), cipher.offset(), cipher.length())
            .orElseThrow(
                () ->
                    new RefusedTokenException(
                        KerberosRejection.TAMPERED,
                        "the session key of the ticket does not open the authenticator"));
    return Authenticator.read(plain, session);
  }

  private byte @Nullable [] reply(
      NegotiateToken token, ApRequest request, Authenticator authenticator, ProtocolKey session) {
    ApReply reply =
        request.wantsMutual() ? ApReply.to(authenticator, session, circumstances.random) : null;
    byte[] mic = MechListMic.answer(token.offer(), authenticator, session, reply);
    return token.answer(reply == null ? null : reply.token(), mic);
  }
}
