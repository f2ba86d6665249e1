// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.doctor;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.acceptor.Acceptor;
import dev.serviceidentity.kerberos.acceptor.AcceptorSettings;
import dev.serviceidentity.kerberos.acceptor.ServiceKeys;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.kdc.KdcClient;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.replay.ReplayStore;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A look at tickets: one to oneself, the way there and back with it, and those for others. */
final class TicketLook {
  private static final String REALM = "key of the realm";
  private static final String ROUND_TRIP = "round trip";
  private static final int SMALLEST_STORE = 16;

  private final KdcClient client;
  private final Ticket granting;
  private final Findings findings;
  private final Clock here;
  private final RandomOctets random;

  TicketLook(
      KdcClient client, Ticket granting, Findings findings, Clock clock, RandomOctets random) {
    this.client = client;
    this.granting = granting;
    this.findings = findings;
    this.here = clock;
    this.random = random;
  }

  /** Looks with which key the realm seals the ticket-granting ticket. */
  void realm() {
    PrincipalName service = granting.service();
    try {
      EncryptedPart sealed = SampleToken.of(granting, theirs(), random).request().ticket();
      String detail = service + " seals with " + keyOf(sealed);
      if (KeyType.isRetired(sealed.etype())) {
        findings.warning(
            REALM,
            detail + ", which is retired (RFC 8429)",
            "Give it AES keys in the KDC (kadmin: cpw -randkey -keepold " + service + ").");
      } else {
        findings.ok(REALM, detail);
      }
    } catch (RefusedTokenException malformed) {
      unreadable(REALM, malformed);
    }
  }

  /**
   * Gets a ticket to oneself, and accepts a token of it.
   *
   * @param keys the own ones of the keytab; none if it cannot be used
   */
  void toOneself(PrincipalName own, List<KeytabEntry> keys) {
    String subject = "ticket to oneself";
    // First, since it refuses what is older than its memory.
    Acceptor acceptor = acceptor(own, keys);
    Optional<SampleToken> sample = sample(subject, own);
    sample.ifPresent(token -> describe(subject, token, newest(keys)));
    if (!keys.isEmpty()) {
      sample.ifPresent(token -> roundTrip(token, acceptor));
    }
  }

  /** Gets a ticket for a service that is called. */
  void to(PrincipalName service) {
    String subject = "service " + service;
    sample(subject, service).ifPresent(token -> describe(subject, token, OptionalLong.empty()));
  }

  private Optional<SampleToken> sample(String subject, PrincipalName service) {
    try {
      return Optional.of(SampleToken.of(client.ticket(granting, service), theirs(), random));
    } catch (IdentityException refused) {
      findings.failed(subject, refused);
    } catch (RefusedTokenException malformed) {
      unreadable(subject, malformed);
    }
    return Optional.empty();
  }

  private void unreadable(String subject, RefusedTokenException malformed) {
    findings.failed(
        subject,
        "the KDC gives a ticket that nobody can read: " + malformed.detail(),
        "See the KDC's log, and whether something between changes its answers.");
  }

  private static String keyOf(EncryptedPart sealed) {
    return (sealed.kvno().isPresent() ? "kvno " + sealed.kvno().getAsLong() : "no kvno")
        + " of "
        + KeyType.describe(sealed.etype());
  }

  private void describe(String subject, SampleToken token, OptionalLong newest) {
    EncryptedPart sealed = token.request().ticket();
    Instant end = token.ticket().life().endsAt();
    String detail =
        keyOf(sealed)
            + ", session key "
            + token.ticket().sessionKey().type()
            + ", until "
            + Spans.at(end, theirs().instant());
    if (KeyType.isRetired(sealed.etype())) {
      findings.warning(
          subject,
          detail,
          "Give " + token.ticket().service() + " AES keys in the KDC (RFC 8429) and a new keytab.");
    } else if (newest.isPresent()
        && sealed.kvno().isPresent()
        && sealed.kvno().getAsLong() < newest.getAsLong()) {
      findings.warning(
          subject,
          detail + "; the keytab has kvno " + newest.getAsLong() + ", which the KDC lacks",
          "Wait until all KDCs have the new key, or write the KDC's own into the keytab (kadmin:"
              + " ktadd -norandkey -k).");
    } else {
      findings.ok(subject, detail);
    }
  }

  private void roundTrip(SampleToken token, Acceptor acceptor) {
    try {
      Acceptor.Accepted accepted = acceptor.accept(token.token(), token.request(), evidence());
      byte[] answer = Optional.ofNullable(accepted.reply()).orElseGet(() -> new byte[0]);
      if (proves(token.credentials(), answer)) {
        findings.ok(ROUND_TRIP, "a token to oneself was accepted, and its answer proves the keys");
      } else {
        findings.failed(
            ROUND_TRIP, "a token to oneself was accepted, and its answer proves nothing", "");
      }
    } catch (RefusedTokenException refused) {
      KerberosRejection reason =
          refused
              .reason()
              .filter(KerberosRejection.class::isInstance)
              .map(KerberosRejection.class::cast)
              .orElse(KerberosRejection.MALFORMED_TOKEN);
      findings.failed(ROUND_TRIP, reason + ": " + refused.detail(), reason.remedy());
    }
  }

  /** One that remembers this token alone, and has no other rules than those of Kerberos. */
  private Acceptor acceptor(PrincipalName own, List<KeytabEntry> keys) {
    Clock clock = theirs();
    AcceptorSettings usual = AcceptorSettings.USUAL;
    return usual
        .replays(ReplayStore.inMemory(clock, usual.clockSkew(), SMALLEST_STORE))
        .acceptors(Set.of(own.realm()), clock)
        .apply(new ServiceKeys(keys, clock.instant()));
  }

  private static boolean proves(RequestCredentials credentials, byte[] answer) {
    String field = "Negotiate " + Base64.getEncoder().encodeToString(answer);
    return credentials.verifyReply(200, Map.of("WWW-Authenticate", List.of(field)))
        instanceof Reply.Complete;
  }

  private static CallerEvidence evidence() {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return CallerEvidence.of(loopback, loopback);
  }

  private static OptionalLong newest(List<KeytabEntry> keys) {
    return keys.stream().mapToLong(KeytabEntry::kvno).max();
  }

  /** A wrong clock is a finding of its own, and hides no other. */
  private Clock theirs() {
    return Clock.offset(here, client.clockOffset());
  }
}
