// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The MIC of a message, as a token of the mechanism (RFC 4121 section 4.2.6.1). */
final class MicToken {
  private static final int HEADER = 16;
  private static final short TOKEN_ID = 0x0404;
  private static final byte SENT_BY_ACCEPTOR = 1;
  private static final byte ACCEPTOR_SUBKEY = 4;
  private static final byte[] FILLER = {-1, -1, -1, -1, -1};

  private MicToken() {}

  /** The acceptor's MIC, made with the subkey that it has asserted. */
  static byte[] ofAcceptor(ProtocolKey subkey, long sequence, byte[] message) {
    byte flags = SENT_BY_ACCEPTOR | ACCEPTOR_SUBKEY;
    return token(subkey, KeyUsage.ACCEPTOR_SIGN, flags, sequence, message);
  }

  /** The acceptor's MIC where it has asserted no subkey. */
  static byte[] ofAcceptorWithoutSubkey(ProtocolKey key, long sequence, byte[] message) {
    return token(key, KeyUsage.ACCEPTOR_SIGN, SENT_BY_ACCEPTOR, sequence, message);
  }

  /** Judges the initiator's MIC, which it made before it knew of any key of ours. */
  static boolean isOfInitiator(byte[] mic, ProtocolKey key, long sequence, byte[] message) {
    byte[] expected = token(key, KeyUsage.INITIATOR_SIGN, (byte) 0, sequence, message);
    return MessageDigest.isEqual(expected, mic);
  }

  /**
   * Judges the acceptor's MIC.
   *
   * @param asserted whether the key is the acceptor's own, or it has asserted none
   */
  static boolean isOfAcceptor(
      byte[] mic, ProtocolKey key, boolean asserted, long sequence, byte[] message) {
    byte[] expected =
        asserted
            ? ofAcceptor(key, sequence, message)
            : ofAcceptorWithoutSubkey(key, sequence, message);
    return MessageDigest.isEqual(expected, mic);
  }

  private static byte[] token(
      ProtocolKey key, KeyUsage usage, byte flags, long sequence, byte[] message) {
    byte[] header =
        ByteBuffer.allocate(HEADER)
            .putShort(TOKEN_ID)
            .put(flags)
            .put(FILLER)
            .putLong(sequence)
            .array();
    // RFC 4121 section 4.2.4: the checksum covers the message and then the header.
    byte[] covered = ByteBuffer.allocate(message.length + HEADER).put(message).put(header).array();
    byte[] checksum = key.checksum(usage, covered);
    return ByteBuffer.allocate(HEADER + checksum.length).put(header).put(checksum).array();
  }
}
