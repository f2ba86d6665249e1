// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import static dev.serviceidentity.caller.Verification.rejected;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.token.ApRequest;
import dev.serviceidentity.kerberos.token.NegotiateToken;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Judges {@code Authorization: Negotiate} (RFC 4559 section 4), cheap checks first. */
final class NegotiateVerifier implements CallerVerifier {
  private static final String SCHEME = "Negotiate";

  private final PrincipalName own;
  private final AcceptorKeys keys;

  NegotiateVerifier(PrincipalName own, AcceptorKeys keys) {
    this.own = own;
    this.keys = keys;
  }

  @Override
  public boolean claims(CallerEvidence evidence) {
    return isClaimed(evidence);
  }

  static boolean isClaimed(CallerEvidence evidence) {
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
    return judge(fields.get(0).strip(), reading.get(), evidence);
  }

  private Verification judge(String field, AcceptorKeys.Reading reading, CallerEvidence evidence) {
    try {
      NegotiateToken token = NegotiateToken.parse(field, tokenIn(field));
      ApRequest request = ApRequest.read(token.apRequest());
      Acceptor.Accepted accepted = accept(token, request, reading, evidence);
      byte[] reply = accepted.reply();
      return new Verification.Verified(
          accepted.caller(), reply == null ? List.of() : List.of(field(reply)));
    } catch (RefusedTokenException refused) {
      return rejected(refused.reason().orElse(KerberosRejection.MALFORMED_TOKEN), refused.detail());
    }
  }

  /** A key that the keytab lacks may have come since it was read. */
  private Acceptor.Accepted accept(
      NegotiateToken token,
      ApRequest request,
      AcceptorKeys.Reading reading,
      CallerEvidence evidence)
      throws RefusedTokenException {
    try {
      return reading.acceptor().accept(token, request, evidence);
    } catch (RefusedTokenException refused) {
      if (refused.reason().filter(KerberosRejection.KEYTAB_STALE::equals).isEmpty()) {
        throw refused;
      }
      Optional<AcceptorKeys.Reading> newer = keys.newerThan(reading);
      if (newer.isEmpty()) {
        throw refused;
      }
      return newer.get().acceptor().accept(token, request, evidence);
    }
  }

  private static HeaderField field(byte[] reply) {
    return new HeaderField(
        "WWW-Authenticate", SCHEME + " " + Base64.getEncoder().encodeToString(reply));
  }

  /** Where the token begins: it is read where it stands, as each copy costs as much as base64. */
  private static int tokenIn(String field) {
    int start = SCHEME.length();
    while (start < field.length() && Character.isWhitespace(field.charAt(start))) {
      start++;
    }
    return start;
  }

  /** The scheme is matched in any letter case (RFC 9110 section 11.1). */
  private static boolean isNegotiate(String value) {
    String start = value.stripLeading();
    return start.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (start.length() == SCHEME.length() || start.charAt(SCHEME.length()) == ' ');
  }
}
