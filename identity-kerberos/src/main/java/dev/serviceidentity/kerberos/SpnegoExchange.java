// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

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

  /** NegTokenInit around a Kerberos token. */
  static byte[] open(byte[] mechToken) {
    var out = new TokenWriter(mechToken.length + OVERHEAD);
    out.field(2, TokenReader.OCTET_STRING, mechToken);
    int mechanisms = out.size();
    out.value(TokenReader.OID, KERBEROS)
        .wrap(TokenReader.SEQUENCE, mechanisms)
        .wrap(TokenReader.context(0), mechanisms);
    return out.wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(0), 0)
        .value(TokenReader.OID, SPNEGO)
        .wrap(TokenReader.application(0), 0)
        .bytes();
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

  /** The Kerberos token in a NegTokenResp that completes the negotiation. */
  static byte[] complete(byte[] answer) throws RefusedTokenException {
    var in = new TokenReader(answer);
    int outer = in.enterField(1, TokenReader.SEQUENCE, "NegTokenResp");
    Octets state = in.field(0, TokenReader.ENUMERATED, "negState");
    if (!state.isSameAs(ACCEPT_COMPLETED)) {
      throw malformed("the service does not say accept-completed");
    }
    if (in.nextIs(TokenReader.context(1))) {
      in.skip(1, TokenReader.OID, "supportedMech");
    }
    Octets token = in.field(2, TokenReader.OCTET_STRING, "responseToken");
    if (in.nextIs(TokenReader.context(3))) {
      // It protects the choice among several mechanisms (section 5), and we offered one.
      in.skip(3, TokenReader.OCTET_STRING, "mechListMIC");
    }
    in.leave(outer, "NegTokenResp");
    in.end("NegTokenResp");
    return token.copy();
  }
}
