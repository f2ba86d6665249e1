// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.token.ForgedMessage.integer;
import static dev.serviceidentity.kerberos.token.ForgedMessage.key;
import static dev.serviceidentity.kerberos.token.ForgedMessage.octets;

import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.RandomOctets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.security.SecureRandom;

/**
 * A request of ours that waits for its answer, and somebody who has the session key and answers as
 * the test says.
 */
final class OpenRequest {
  private static final RandomOctets RANDOM = new RandomOctets(new SecureRandom());

  final ForgedMessage contents = new ForgedMessage();
  final ForgedMessage reply = new ForgedMessage().set(0, integer(5)).set(1, integer(15));

  private final TokenForm form;
  private final ForgedToken forged;
  private final ProtocolKey subkey;
  private final Authenticator.Sent sent;
  private final byte[] token;

  OpenRequest(TokenForm form, ForgedToken forged, long micros) {
    this.form = form;
    this.forged = forged;
    this.sent = Authenticator.Sent.at(micros);
    ProtocolKey session = forged.session();
    this.subkey = session.beside(session.type(), RANDOM.take(session.type().keyLength()));
    byte[] checksum = GssChecksum.ofInitiator(new byte[16]);
    OutgoingTicket ticket = OutgoingTicket.of(forged.held());
    this.token = form.wrap(ticket.request(checksum, sent, subkey, RANDOM)).bytes();
    contents.set(0, Der.tlv(0x18, sent.ctime().copy())).set(1, integer(sent.cusec()));
    contents.set(2, key(subkey.type().number(), acceptorSubkey().bytes())).set(3, integer(77));
  }

  byte[] token() {
    return token;
  }

  ProtocolKey subkey() {
    return subkey;
  }

  /** The key that the answer asserts unless the test changes it. */
  ProtocolKey acceptorSubkey() {
    byte[] bytes = ForgedToken.filled(subkey.type().keyLength(), 9);
    return subkey.beside(subkey.type(), bytes);
  }

  void judge(byte[] answer) throws RefusedTokenException {
    new ApReplyProof(form, forged.session(), subkey, sent).check(answer);
  }

  /** The mechanism's token of the answer, sealed anew. */
  byte[] answer() {
    return answer(KeyUsage.AP_REPLY);
  }

  byte[] answer(KeyUsage usage) {
    return answerOf(forged.session(), usage);
  }

  byte[] answerOf(ProtocolKey session, KeyUsage usage) {
    byte[] sealed = session.seal(usage, Der.tlv(0x7b, contents.der()), RANDOM);
    var part = new ForgedMessage().set(0, integer(session.type().number())).set(2, octets(sealed));
    return framed("0200", Der.tlv(0x6f, reply.set(2, part.der()).der()));
  }

  static byte[] framed(String tokenId, byte[] message) {
    return Der.tlv(0x60, Der.KRB5, Der.bytes(tokenId), message);
  }

  /** NegTokenResp; what is null is left out. */
  static byte[] spnego(int state, byte[] token, byte[] mic) {
    var response = new ForgedMessage().set(0, Der.tlv(0x0a, new byte[] {(byte) state}));
    response.set(1, Der.KRB5);
    if (token != null) {
      response.set(2, octets(token));
    }
    if (mic != null) {
      response.set(3, octets(mic));
    }
    return Der.tlv(0xa1, response.der());
  }
}
