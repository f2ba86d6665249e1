// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SPNEGO (RFC 4178 section 4.2) for the one case that we offer and accept: Kerberos first, with its
 * token at once, and completed by the first answer. No mechListMIC is needed then (section 5), and
 * one is sent where the caller has sent one.
 *
 * <p>Ours and not the JDK's, whose initiator takes an answer with the state request-mic and without
 * any token for the end of a successful negotiation, and then says that the peer is authenticated.
 */
final class SpnegoExchange {
  private static final byte[] SPNEGO = HexFormat.of().parseHex("2b0601050502");
  private static final byte[] KERBEROS = HexFormat.of().parseHex("2a864886f712010202");
  private static final byte[] ACCEPT_COMPLETED = {0};
  private static final int OVERHEAD = 64;

  private SpnegoExchange() {}

  /** The list of the one mechanism that we offer, in DER, as a MIC covers it. */
  static byte[] offered() {
    return new TokenWriter(OVERHEAD)
        .value(TokenReader.OID, KERBEROS)
        .wrap(TokenReader.SEQUENCE, 0)
        .bytes();
  }

  /** NegTokenInit around a Kerberos token. */
  static TokenWriter open(TokenWriter mechToken) {
    mechToken.wrap(TokenReader.OCTET_STRING, 0).wrap(TokenReader.context(2), 0);
    int mechanisms = mechToken.size();
    return mechToken
        .value(TokenReader.OID, KERBEROS)
        .wrap(TokenReader.SEQUENCE, mechanisms)
        .wrap(TokenReader.context(0), mechanisms)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(0), 0)
        .value(TokenReader.OID, SPNEGO)
        .wrap(TokenReader.application(0), 0);
  }

  /** NegTokenResp that accepts the caller's preferred mechanism at once. */
  static byte[] completed(byte[] mechanism, byte @Nullable [] answer, byte @Nullable [] mic) {
    var out = new TokenWriter((answer == null ? 0 : answer.length) + 2 * OVERHEAD);
    if (mic != null) {
      out.field(3, TokenReader.OCTET_STRING, mic);
    }
    if (answer != null) {
      out.field(2, TokenReader.OCTET_STRING, answer);
    }
    return out.field(1, TokenReader.OID, mechanism)
        .field(0, TokenReader.ENUMERATED, ACCEPT_COMPLETED)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(1), 0)
        .bytes();
  }

  /** Reads NegTokenResp, which must not choose what we have not offered. */
  static ServiceAnswer read(byte[] answer) throws RefusedTokenException {
    var in = new TokenReader(answer);
    int outer = in.enterField(1, TokenReader.SEQUENCE, "NegTokenResp");
    Octets state = in.field(0, TokenReader.ENUMERATED, "negState");
    if (state.length() != 1) {
      throw malformed("negState is not one byte");
    }
    if (in.nextIs(TokenReader.context(1))
        && !in.field(1, TokenReader.OID, "supportedMech").isSameAs(KERBEROS)) {
      throw malformed(
          "the service has chosen another mechanism than Kerberos, the only one offered");
    }
    Octets token = optional(in, 2, "responseToken");
    Octets mic = optional(in, 3, "mechListMIC");
    in.leave(outer, "NegTokenResp");
    in.end("NegTokenResp");
    return new ServiceAnswer(state.at(0), token, mic);
  }

  private static @Nullable Octets optional(TokenReader in, int number, String what)
      throws RefusedTokenException {
    return in.nextIs(TokenReader.context(number))
        ? in.field(number, TokenReader.OCTET_STRING, what)
        : null;
  }
}
