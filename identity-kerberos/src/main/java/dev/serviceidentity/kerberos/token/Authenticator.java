// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.KerberosTime;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RawName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import org.jspecify.annotations.Nullable;

/**
 * What the client says in an authenticator (RFC 4120 section 5.5.1), made for the GSS-API (RFC 4121
 * section 4.1.1). Holds the subkey.
 *
 * @param client who it says it is
 * @param checksum the GSS-API's part
 * @param sent when the client sent it, by its own clock
 * @param subkey a key that the client chose for this context
 * @param sequence the number that its messages begin with
 */
public record Authenticator(
    RawName client, GssChecksum checksum, Sent sent, @Nullable ProtocolKey subkey, long sequence) {
  /**
   * When the client sent it.
   *
   * @param ctime the time as it was written
   * @param seconds the same in seconds since 1970
   * @param cusec and microseconds
   */
  public record Sent(Octets ctime, long seconds, int cusec) {
    /**
     * A time that we write.
     *
     * @param micros in microseconds since 1970
     * @return the time, as it is written
     */
    public static Sent at(long micros) {
      long seconds = Math.floorDiv(micros, MICROS);
      return new Sent(
          Octets.of(KerberosTime.text(seconds)), seconds, Math.floorMod(micros, MICROS));
    }

    /**
     * The same in one number.
     *
     * @return in microseconds since 1970
     */
    public long micros() {
      return seconds * MICROS + cusec;
    }
  }

  private static final int GSS_CHECKSUM = 0x8003;
  private static final int MICROS = 1_000_000;
  private static final String WHAT = "the opened authenticator";

  /**
   * Reads an authenticator that has been opened, and so was written by the ticket's owner.
   *
   * @param plain what was sealed
   * @param session the key that has opened it
   * @return what the client says
   * @throws RefusedTokenException if it is none of the GSS-API, or demands what is not understood
   */
  public static Authenticator read(byte[] plain, ProtocolKey session) throws RefusedTokenException {
    var in = new TokenReader(plain);
    int end = in.enter(TokenReader.application(2), WHAT);
    int tagged = in.enter(TokenReader.SEQUENCE, WHAT);
    if (in.integer(0, "authenticator-vno") != 5) {
      throw malformed("authenticator-vno is not 5");
    }
    RawName client = RawName.read(in, 1, "crealm or cname of the authenticator");
    GssChecksum checksum = checksum(in);
    Sent sent = sent(in);
    ProtocolKey subkey =
        in.nextIs(TokenReader.context(6))
            ? SessionKey.read(in, 6, "the client's subkey", session)
            : null;
    long sequence =
        in.nextIs(TokenReader.context(7)) ? in.integer(7, "seq-number") & 0xffffffffL : 0;
    AuthorizationData.pass(in, 8, "the authenticator");
    in.leave(tagged, WHAT);
    in.leave(end, WHAT);
    in.end(WHAT);
    return new Authenticator(client, checksum, sent, subkey, sequence);
  }

  /** Returns the time; the subkey is shown nowhere. */
  @Override
  public String toString() {
    return "Authenticator[" + sent.seconds + "]";
  }

  private static GssChecksum checksum(TokenReader in) throws RefusedTokenException {
    int outer = in.enterField(3, TokenReader.SEQUENCE, "the authenticator's checksum");
    long type = in.integer(0, "cksumtype");
    if (type != GSS_CHECKSUM) {
      throw malformed("cksumtype is " + type + ", and that of the GSS-API is 0x8003");
    }
    Octets content = in.field(1, TokenReader.OCTET_STRING, "the authenticator's checksum");
    in.leave(outer, "the authenticator's checksum");
    return GssChecksum.read(content);
  }

  private static Sent sent(TokenReader in) throws RefusedTokenException {
    long cusec = in.integer(4, "cusec");
    if (cusec < 0 || cusec >= MICROS) {
      throw malformed("cusec is " + cusec + ", and a second has a million");
    }
    Octets ctime = in.field(5, TokenReader.GENERALIZED_TIME, "ctime");
    return new Sent(ctime, KerberosTime.seconds(ctime, "ctime"), (int) cusec);
  }
}
