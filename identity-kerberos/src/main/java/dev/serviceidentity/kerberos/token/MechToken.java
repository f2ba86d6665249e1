// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.util.HexFormat;

/** The frame of a token of the Kerberos mechanism (RFC 4121 section 4.1). */
final class MechToken {
  static final byte[] AP_REQ = {1, 0};
  static final byte[] AP_REP = {2, 0};
  static final byte[] KRB_ERROR = {3, 0};

  private static final byte[] KRB5 = HexFormat.of().parseHex("2a864886f712010202");

  private MechToken() {}

  /** Frames all that has been written. */
  static TokenWriter frame(byte[] tokenId, TokenWriter message) {
    return message.raw(tokenId).value(TokenReader.OID, KRB5).wrap(TokenReader.application(0), 0);
  }

  /** The two bytes that say which message it is, and the message. */
  static Octets read(Octets token) throws RefusedTokenException {
    var in = new TokenReader(token);
    int outer = in.enter(TokenReader.application(0), "the Kerberos token");
    if (!in.value(TokenReader.OID, "the mechanism of the Kerberos token").isSameAs(KRB5)) {
      throw malformed("the token is of another mechanism than Kerberos");
    }
    Octets content = in.rest();
    in.leave(outer, "the Kerberos token");
    in.end("the Kerberos token");
    return content;
  }
}
