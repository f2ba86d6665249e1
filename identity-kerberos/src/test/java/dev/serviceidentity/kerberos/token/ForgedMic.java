// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import java.nio.ByteBuffer;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.CheckSumHandler;
import org.apache.kerby.kerberos.kerb.type.base.CheckSumType;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;

/** MIC tokens (RFC 4121 section 4.2.6.1) with AES-256, made by another library than ours. */
public final class ForgedMic {
  private static final Workshop WORKSHOP = new Workshop();

  private ForgedMic() {}

  public static ProtocolKey key(int etype, byte[] value) {
    return new ProtocolKey(KeyType.of(etype).orElseThrow(), value, WORKSHOP);
  }

  public static byte[] ofInitiator(ProtocolKey key, long sequence, byte[] message) {
    return token(key, KeyUsage.fromValue(25), 0, sequence, message);
  }

  /** With the acceptor's subkey, or where it has asserted none. */
  static byte[] ofAcceptor(ProtocolKey key, boolean subkey, long sequence, byte[] message) {
    return token(key, KeyUsage.fromValue(23), subkey ? 5 : 1, sequence, message);
  }

  private static byte[] token(
      ProtocolKey key, KeyUsage usage, int flags, long sequence, byte[] message) {
    byte[] header =
        ByteBuffer.allocate(16)
            .put(Der.bytes("0404"))
            .put((byte) flags)
            .put(Der.bytes("ffffffffff"))
            .putLong(sequence)
            .array();
    try {
      byte[] checksum =
          CheckSumHandler.checksumWithKey(
                  CheckSumType.HMAC_SHA1_96_AES256,
                  Der.join(message, header),
                  new EncryptionKey(EncryptionType.AES256_CTS_HMAC_SHA1_96, key.bytes())
                      .getKeyData(),
                  usage)
              .getChecksum();
      return Der.join(header, checksum);
    } catch (KrbException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
