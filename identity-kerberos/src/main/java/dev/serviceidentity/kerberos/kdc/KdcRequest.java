// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.wire.KerberosTime;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a KDC is asked for: KDC-REQ-BODY (RFC 4120 section 5.4.1).
 *
 * @param options the bits of KDCOptions, the first as the most significant
 * @param client who asks in an AS exchange; null where a ticket says it
 * @param service for whom the ticket shall be, in the realm that is asked
 * @param till until when at most
 * @param nonce what the answer repeats; 31 bits, since some KDCs take it to be signed
 * @param types the types of keys that the client knows, the best first
 */
record KdcRequest(
    int options,
    @Nullable PrincipalName client,
    PrincipalName service,
    Instant till,
    int nonce,
    List<KeyType> types) {
  /** Bit 1. */
  static final int FORWARDABLE = 1 << (31 - 1);

  /** Bit 8. */
  static final int RENEWABLE = 1 << (31 - 8);

  /** Bit 15: the KDC may answer with the ticket of another realm that knows the service. */
  static final int CANONICALIZE = 1 << (31 - 15);

  /** Bit 27: a renewable ticket will do where the whole time cannot be had at once. */
  static final int RENEWABLE_OK = 1 << (31 - 27);

  /** Bit 30. */
  static final int RENEW = 1 << (31 - 30);

  /** The msg-type of an AS-REQ. */
  static final int OF_AS = 10;

  /** The msg-type of a TGS-REQ. */
  static final int OF_TGS = 12;

  private static final int EXPECTED = 512;

  KdcRequest {
    types = List.copyOf(types);
  }

  static int newNonce(RandomOctets random) {
    return ByteBuffer.wrap(random.take(Integer.BYTES)).getInt() & Integer.MAX_VALUE;
  }

  /** What a checksum is made of (RFC 4120 section 7.2.2). */
  byte[] body() {
    var out = new TokenWriter(EXPECTED);
    for (int i = types.size() - 1; i >= 0; i--) {
      Fields.integer(out, types.get(i).number());
    }
    out.wrap(TokenReader.SEQUENCE, 0).wrap(TokenReader.context(8), 0);
    out.integer(7, nonce);
    out.field(5, TokenReader.GENERALIZED_TIME, KerberosTime.text(till.getEpochSecond()));
    Fields.name(out, 3, service);
    Fields.realm(out, 2, service);
    if (client != null) {
      Fields.name(out, 1, client);
    }
    Fields.flags(out, 0, options);
    return out.wrap(TokenReader.SEQUENCE, 0).bytes();
  }

  /**
   * The whole message.
   *
   * @param type its msg-type
   * @param body what {@link #body} has returned
   * @param proofs what proves the client
   */
  static byte[] message(int type, byte[] body, List<PaData> proofs) {
    var out = new TokenWriter(EXPECTED + body.length);
    out.raw(body).wrap(TokenReader.context(4), 0);
    if (!proofs.isEmpty()) {
      int since = out.size();
      for (int i = proofs.size() - 1; i >= 0; i--) {
        proofs.get(i).write(out);
      }
      out.wrap(TokenReader.SEQUENCE, since).wrap(TokenReader.context(3), since);
    }
    return out.integer(2, type)
        .integer(1, KdcAnswer.PVNO)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(type), 0)
        .bytes();
  }
}
