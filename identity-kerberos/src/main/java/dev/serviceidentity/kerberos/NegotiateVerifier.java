// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.ForeignText;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Judges {@code Authorization: Negotiate} (RFC 4559 section 4), cheap checks first. */
final class NegotiateVerifier implements CallerVerifier {
  private static final String SCHEME = "Negotiate";
  private static final int FINGERPRINT_BYTES = 16;

  private final PrincipalName own;
  private final AcceptorKeys keys;
  private final Clock clock;
  private final ClientQuota quota;

  NegotiateVerifier(PrincipalName own, AcceptorKeys keys, Clock clock, ClientQuota quota) {
    this.own = own;
    this.keys = keys;
    this.clock = clock;
    this.quota = quota;
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return evidence.header("Authorization").stream().anyMatch(NegotiateVerifier::isNegotiate);
  }

  @Override
  public List<String> challenges() {
    return List.of(SCHEME);
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    List<String> fields = evidence.header("Authorization");
    if (fields.size() > 1) {
      return rejected(
          RefusalReason.AMBIGUOUS_CREDENTIALS, fields.size() + " Authorization field lines");
    }
    if (fields.isEmpty() || !isNegotiate(fields.get(0))) {
      return rejected(RefusalReason.NO_CREDENTIALS, "no Authorization: Negotiate");
    }
    Optional<AcceptorKeys.Reading> reading = keys.current();
    if (reading.isEmpty()) {
      return rejected(RefusalReason.CLOSED, "the Kerberos identity of " + own + " is closed");
    }
    try {
      String text = fields.get(0).strip().substring(SCHEME.length()).strip();
      return judge(NegotiateToken.parse(text), reading.get(), evidence.source().getAddress());
    } catch (RefusedTokenException refused) {
      return rejected(refused.reason(), refused.detail());
    }
  }

  private Verification judge(NegotiateToken token, AcceptorKeys.Reading reading, InetAddress source)
      throws RefusedTokenException {
    ApRequest request = ApRequest.read(token.apRequest());
    // Also what keeps the JDK's replay cache honest: the name is part of its key, and unproven.
    if (!request.service().equals(own)) {
      throw new RefusedTokenException(
          KerberosRejection.WRONG_SERVICE,
          "the ticket is for "
              + ForeignText.quote(request.service().toString())
              + ", and this is "
              + own);
    }
    TicketContents ticket = reading.keys().open(request.ticket());
    if (!ticket.permits(source)) {
      throw new RefusedTokenException(
          KerberosRejection.WRONG_ADDRESS,
          "the ticket is not for use from " + source.getHostAddress());
    }
    PrincipalId client = principal(ticket.client());
    Optional<byte[]> reply = accept(token, ticket.client(), reading.acceptor());
    Caller caller =
        Caller.of(client, clock.instant(), ticket.expiresAt())
            .attribute("kerberos.auth-time", ticket.authenticatedAt().toString())
            .attribute("kerberos.etype", KeyType.describe(request.ticket().etype()))
            .fingerprint(fingerprint(request.ticket()));
    return new Verification.Verified(
        caller, reply.map(NegotiateVerifier::field).map(List::of).orElse(List.of()));
  }

  private Optional<byte[]> accept(NegotiateToken token, PrincipalName client, GssAcceptor acceptor)
      throws RefusedTokenException {
    quota.enter(client);
    try {
      return token.answer(acceptor.accept(token.mechToken()));
    } finally {
      quota.leave(client);
    }
  }

  private static PrincipalId principal(PrincipalName client) throws RefusedTokenException {
    try {
      return client.id();
    } catch (IllegalArgumentException unsupported) {
      throw new RefusedTokenException(
          KerberosRejection.UNSUPPORTED_NAME,
          "the client is called "
              + ForeignText.quote(client.toString())
              + ": "
              + unsupported.getMessage());
    }
  }

  /** The same for all uses of one ticket; the ciphertext it is made of gives nothing away. */
  private static String fingerprint(EncryptedPart ticket) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(ticket.cipher());
      return "ticket-sha256:" + HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  private static HeaderField field(byte[] reply) {
    return new HeaderField(
        "WWW-Authenticate", SCHEME + " " + Base64.getEncoder().encodeToString(reply));
  }

  /** The scheme is matched in any letter case (RFC 9110 section 11.1). */
  private static boolean isNegotiate(String value) {
    String start = value.stripLeading();
    return start.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (start.length() == SCHEME.length() || start.charAt(SCHEME.length()) == ' ');
  }
}
