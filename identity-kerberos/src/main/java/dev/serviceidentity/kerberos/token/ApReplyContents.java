// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import org.jspecify.annotations.Nullable;

/**
 * What a service says in AP-REP (RFC 4120 section 5.5.2), opened. Holds its subkey.
 *
 * @param seconds the time of the request that it answers, in seconds since 1970
 * @param cusec and microseconds
 * @param subkey a key that the service chose for this context
 * @param sequence the number that its messages begin with
 */
record ApReplyContents(long seconds, long cusec, @Nullable ProtocolKey subkey, long sequence) {
  private static final String SEALED = "AP-REP";
  private static final String OPENED = "the opened AP-REP";

  /** Reads AP-REP and opens it. */
  static ApReplyContents open(Octets der, ProtocolKey session) throws RefusedTokenException {
    EncryptedPart part = sealed(der);
    if (part.etype() != session.type().number()) {
      throw malformed("AP-REP says another encryption type than that of the session key");
    }
    Octets cipher = part.cipher();
    byte[] plain =
        session
            .open(KeyUsage.AP_REPLY, cipher.array(), cipher.offset(), cipher.length())
            .orElseThrow(
                () ->
                    new RefusedTokenException(
                        KerberosRejection.TAMPERED,
                        "the session key does not open its AP-REP: who answers cannot open our"
                            + " ticket, answers another one, or its answer was changed on the"
                            + " way"));
    return read(plain, session);
  }

  /** Reads what was opened, and so was written by who has the session key. */
  static ApReplyContents read(byte[] plain, ProtocolKey session) throws RefusedTokenException {
    var in = new TokenReader(plain);
    int end = in.enter(TokenReader.application(27), OPENED);
    int tagged = in.enter(TokenReader.SEQUENCE, OPENED);
    long seconds = in.time(0, "ctime of AP-REP");
    long cusec = in.integer(1, "cusec of AP-REP");
    ProtocolKey subkey =
        in.nextIs(TokenReader.context(2))
            ? SessionKey.read(in, 2, "the service's subkey", session)
            : null;
    long sequence =
        in.nextIs(TokenReader.context(3)) ? in.integer(3, "seq-number of AP-REP") & 0xffffffffL : 0;
    in.leave(tagged, OPENED);
    in.leave(end, OPENED);
    in.end(OPENED);
    return new ApReplyContents(seconds, cusec, subkey, sequence);
  }

  boolean answers(Authenticator.Sent sent) {
    return seconds == sent.seconds() && cusec == sent.cusec();
  }

  /** Returns the time; the subkey is shown nowhere. */
  @Override
  public String toString() {
    return "ApReplyContents[" + seconds + "]";
  }

  private static EncryptedPart sealed(Octets der) throws RefusedTokenException {
    var in = new TokenReader(der);
    int end = in.enter(TokenReader.application(15), SEALED);
    int tagged = in.enter(TokenReader.SEQUENCE, SEALED);
    if (in.integer(0, "pvno of AP-REP") != 5 || in.integer(1, "msg-type of AP-REP") != 15) {
      throw malformed("AP-REP is not of version 5 and message type 15");
    }
    EncryptedPart part = EncryptedPart.read(in, 2, SEALED);
    in.leave(tagged, SEALED);
    in.leave(end, SEALED);
    in.end(SEALED);
    return part;
  }
}
