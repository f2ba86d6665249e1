// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;

/**
 * SPNEGO (RFC 4178 section 4.2) for the one case that we offer and accept: Kerberos first, with its
 * token at once, and completed by the first answer. No mechListMIC is needed then (section 5).
 *
 * <p>Ours and not the JDK's, whose initiator takes an answer with the state request-mic and without
 * any token for the end of a successful negotiation, and then says that the peer is authenticated.
 */
final class SpnegoExchange {
  private static final byte[] SPNEGO = HexFormat.of().parseHex("06062b0601050502");
  private static final byte[] KERBEROS = HexFormat.of().parseHex("06092a864886f712010202");
  private static final int ENUMERATED = 0x0a;

  private SpnegoExchange() {}

  /** NegTokenInit around a Kerberos token. */
  static byte[] open(byte[] mechToken) {
    byte[] mechanisms = value(TokenReader.context(0), value(TokenReader.SEQUENCE, KERBEROS));
    byte[] token = value(TokenReader.context(2), value(TokenReader.OCTET_STRING, mechToken));
    byte[] init = value(TokenReader.SEQUENCE, mechanisms, token);
    return value(TokenReader.application(0), SPNEGO, value(TokenReader.context(0), init));
  }

  /** NegTokenResp that accepts the caller's preferred mechanism at once. */
  static byte[] completed(byte[] mechanism, Optional<byte[]> answer) {
    byte[] state = value(TokenReader.context(0), value(ENUMERATED, new byte[1]));
    byte[] chosen = value(TokenReader.context(1), value(TokenReader.OID, mechanism));
    byte[] token =
        answer
            .map(a -> value(TokenReader.context(2), value(TokenReader.OCTET_STRING, a)))
            .orElseGet(() -> new byte[0]);
    return value(TokenReader.context(1), value(TokenReader.SEQUENCE, state, chosen, token));
  }

  /** The Kerberos token in a NegTokenResp that completes the negotiation. */
  static byte[] complete(byte[] answer) throws RefusedTokenException {
    var outer = new TokenReader(answer);
    TokenReader choice = outer.enter(TokenReader.context(1), "NegTokenResp");
    outer.end("NegTokenResp");
    TokenReader response = choice.enter(TokenReader.SEQUENCE, "NegTokenResp");
    choice.end("NegTokenResp");
    byte[] state = response.field(0, ENUMERATED, "negState").rest();
    if (state.length != 1 || state[0] != 0) {
      throw malformed("the service does not say accept-completed");
    }
    if (response.nextIs(TokenReader.context(1))) {
      response.field(1, TokenReader.OID, "supportedMech");
    }
    byte[] token = response.field(2, TokenReader.OCTET_STRING, "responseToken").rest();
    if (response.nextIs(TokenReader.context(3))) {
      // It protects the choice among several mechanisms (section 5), and we offered one.
      response.field(3, TokenReader.OCTET_STRING, "mechListMIC");
    }
    response.end("NegTokenResp");
    return token;
  }

  private static byte[] value(int tag, byte[]... contents) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : contents) {
      content.writeBytes(part);
    }
    var out = new ByteArrayOutputStream(content.size() + 6);
    out.write(tag);
    writeLength(out, content.size());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  /** The shortest form (X.690 section 10.1). */
  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(length >>> (8 * i));
    }
  }
}
