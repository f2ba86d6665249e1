// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Asks one KDC with one ticket: the TGS exchange (RFC 4120 section 3.3). For one thread. */
final class TgsExchange {
  /** PA-TGS-REQ. */
  private static final int PROOF = 1;

  private static final List<KeyType> ALL = AsExchange.strongestFirst(List.of(KeyType.values()));

  private final Means means;
  private final Ticket granting;
  private final String doing;
  private Duration offset;

  /**
   * An exchange.
   *
   * @param granting a ticket for the KDC that is asked
   * @param doing what is tried, for whom, as the beginning of a sentence
   */
  TgsExchange(Means means, Ticket granting, String doing) {
    this.means = means;
    this.granting = granting;
    this.doing = doing;
    this.offset = means.clock().offset();
  }

  /**
   * Asks for a ticket.
   *
   * @return for the service, or a referral if they were asked for
   */
  Ticket ask(int options, PrincipalName service, Instant till) {
    Outcome outcome = once(options, service, till);
    if (outcome instanceof Outcome.Refused refused && refused.error().code() == KdcError.SKEW) {
      Optional<Duration> suggested = means.clock().suggested(refused.error().serverTime());
      if (suggested.isPresent()) {
        offset = suggested.get();
        outcome = once(options, service, till);
      }
    }
    if (outcome instanceof Outcome.Refused refused) {
      throw refused.toException(doing, service.realm(), granting.client());
    }
    return ((Outcome.Granted) outcome).ticket();
  }

  private Outcome once(int options, PrincipalName service, Instant till) {
    Instant asked = means.clock().here();
    int nonce = KdcRequest.newNonce(means.random());
    var request = new KdcRequest(options, null, service, till, nonce, ALL);
    byte[] body = request.body();
    var proof = TgsProof.of(granting, body, asked.plus(offset), means.random());
    var paData = new PaData(PROOF, Octets.of(proof.apRequest()));
    byte[] message = KdcRequest.message(KdcRequest.OF_TGS, body, List.of(paData));
    return means
        .kdcs()
        .ask(
            service.realm(),
            doing,
            message,
            (bytes, from) -> {
              KdcAnswer answer = KdcAnswer.read(bytes, KdcReply.OF_TGS);
              if (answer instanceof KdcError error) {
                return Outcome.refused(error, from);
              }
              Ticket given = judge((KdcReply) answer, request, proof.subkey());
              learn(given.life(), asked);
              return new Outcome.Granted(given);
            });
  }

  private Ticket judge(KdcReply reply, KdcRequest request, ProtocolKey subkey)
      throws RefusedTokenException {
    byte[] plain =
        open(reply, subkey, KeyUsage.TGS_REPLY_SUBKEY)
            // Kerby's KDC takes no notice of a subkey.
            .or(() -> open(reply, granting.sessionKey(), KeyUsage.TGS_REPLY))
            .orElseThrow(() -> malformed("its answer does not open with this session's keys"));
    ReplyContent content = ReplyContent.read(plain, subkey);
    Instant now = means.clock().here().plus(offset);
    return ReplyRules.ticket(reply, content, request, granting.client(), now);
  }

  /**
   * The ticket begins now by the KDC's clock (RFC 4120 section 3.3.3), unless it begins when the
   * one that was shown does, or so far from the time that the KDC has just accepted that this is no
   * clock. A KDC of another realm tells its time to nobody else.
   */
  private void learn(Ticket.Life given, Instant asked) throws RefusedTokenException {
    Instant there = given.startsAt();
    Duration unexpected = Duration.between(asked.plus(offset), there).abs();
    if (isOfOwnRealm()
        && there.isAfter(granting.life().startsAt())
        && unexpected.compareTo(KdcClock.SKEW) <= 0) {
      means.clock().learn(there, asked, means.clock().here());
    }
  }

  private boolean isOfOwnRealm() {
    String own = granting.client().realm();
    return granting.service().equals(Realms.granting(own, own));
  }

  private static Optional<byte[]> open(KdcReply reply, ProtocolKey key, KeyUsage usage) {
    Octets cipher = reply.sealed().cipher();
    return reply.sealed().etype() == key.type().number()
        ? key.open(usage, cipher.array(), cipher.offset(), cipher.length())
        : Optional.empty();
  }
}
