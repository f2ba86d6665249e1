// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.wire.KerberosTime;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * What proves to a KDC that the request is of the ticket's owner: the AP-REQ in a TGS-REQ (RFC 4120
 * section 5.4.1).
 */
final class TgsProof {
  private static final int AP_REQ = 14;
  private static final int AUTHENTICATOR = 2;

  private final byte[] apRequest;
  private final ProtocolKey subkey;

  private TgsProof(byte[] apRequest, ProtocolKey subkey) {
    this.apRequest = apRequest;
    this.subkey = subkey;
  }

  /** With a new key for the answer, so that nothing that the ticket has opened before opens it. */
  static TgsProof of(Ticket granting, byte[] body, Instant now, RandomOctets random) {
    KeyType type = granting.sessionKey().type();
    ProtocolKey subkey = granting.sessionKey().beside(type, random.take(type.keyLength()));
    byte[] sealed =
        Fields.sealed(
            granting.sessionKey(),
            KeyUsage.TGS_REQUEST_AUTHENTICATOR,
            authenticator(granting, body, now, subkey),
            random);
    byte[] ticket = granting.sealed();
    var out = new TokenWriter(sealed.length + ticket.length + 64);
    out.raw(sealed).wrap(TokenReader.context(4), 0);
    int since = out.size();
    out.raw(ticket).wrap(TokenReader.context(3), since);
    Fields.flags(out, 2, 0);
    byte[] request =
        out.integer(1, AP_REQ)
            .integer(0, KdcAnswer.PVNO)
            .wrap(TokenReader.SEQUENCE, 0)
            .wrap(TokenReader.application(AP_REQ), 0)
            .bytes();
    return new TgsProof(request, subkey);
  }

  byte[] apRequest() {
    return apRequest.clone();
  }

  /** The key under which the KDC answers. */
  ProtocolKey subkey() {
    return subkey;
  }

  /** Section 5.5.1. */
  private static byte[] authenticator(
      Ticket granting, byte[] body, Instant now, ProtocolKey subkey) {
    ProtocolKey session = granting.sessionKey();
    byte[] checksum = session.checksum(KeyUsage.TGS_REQUEST_CHECKSUM, body);
    var out = new TokenWriter(256);
    Fields.typed(out, 6, subkey.type().number(), subkey.bytes());
    out.field(5, TokenReader.GENERALIZED_TIME, KerberosTime.text(now.getEpochSecond()));
    out.integer(4, now.get(ChronoField.MICRO_OF_SECOND));
    Fields.typed(out, 3, checksumType(session.type()), checksum);
    Fields.name(out, 2, granting.client());
    Fields.realm(out, 1, granting.client());
    return out.integer(0, KdcAnswer.PVNO)
        .wrap(TokenReader.SEQUENCE, 0)
        .wrap(TokenReader.application(AUTHENTICATOR), 0)
        .bytes();
  }

  /** RFC 3962 section 7 and RFC 8009 section 8. */
  private static int checksumType(KeyType type) {
    return switch (type) {
      case AES128_SHA1 -> 15;
      case AES256_SHA1 -> 16;
      case AES128_SHA256 -> 19;
      case AES256_SHA384 -> 20;
    };
  }
}
