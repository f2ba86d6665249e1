// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;

/**
 * The answer that proves the service to the client: AP-REP (RFC 4120 section 5.5.2) as a token of
 * the Kerberos mechanism (RFC 4121 section 4.1), with a subkey and a sequence number of ours.
 */
public final class ApReply {
  private static final int EXPECTED = 128;

  private final byte[] token;
  private final ProtocolKey subkey;
  private final long sequence;

  private ApReply(byte[] token, ProtocolKey subkey, long sequence) {
    this.token = token;
    this.subkey = subkey;
    this.sequence = sequence;
  }

  /**
   * Answers a request.
   *
   * @param authenticator of the request
   * @param session the key of its ticket
   * @param random makes the subkey and the sequence number
   * @return the answer
   */
  public static ApReply to(Authenticator authenticator, ProtocolKey session, RandomOctets random) {
    var type = session.type();
    var subkey = session.beside(type, random.take(type.keyLength()));
    long sequence = sequence(random);
    byte[] sealed = session.seal(KeyUsage.AP_REPLY, part(authenticator, subkey, sequence), random);
    var out = new TokenWriter(sealed.length + EXPECTED);
    out.field(2, TokenReader.OCTET_STRING, sealed)
        .integer(0, type.number())
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.context(2), 0)
        .integer(1, 15)
        .integer(0, 5)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(15), 0);
    byte[] token = MechToken.frame(MechToken.AP_REP, out).bytes();
    return new ApReply(token, subkey, sequence);
  }

  /**
   * Thirty bits: some peers take the number for a signed one, and it must not overflow soon (RFC
   * 4120 section 5.5.1).
   */
  static long sequence(RandomOctets random) {
    return Octets.of(random.take(Integer.BYTES)).littleEndian(0) & 0x3fffffff;
  }

  /**
   * The answer as a token of the mechanism.
   *
   * @return a token without SPNEGO around it
   */
  public byte[] token() {
    return token;
  }

  ProtocolKey subkey() {
    return subkey;
  }

  /** The number that our messages begin with. */
  long sequence() {
    return sequence;
  }

  /** EncAPRepPart. */
  private static byte[] part(Authenticator authenticator, ProtocolKey subkey, long sequence) {
    var out = new TokenWriter(EXPECTED).integer(3, sequence);
    SessionKey.write(out, 2, subkey);
    return out.integer(1, authenticator.sent().cusec())
        .field(0, TokenReader.GENERALIZED_TIME, authenticator.sent().ctime().copy())
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(27), 0)
        .bytes();
  }
}
