// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first token of a negotiation, down to the AP-REQ inside: SPNEGO (RFC 4178 section 4.2) around
 * the Kerberos mechanism (RFC 4121 section 4.1), or the Kerberos mechanism bare.
 *
 * @param mechToken the token of the Kerberos mechanism
 * @param apRequest the DER of the AP-REQ in it
 * @param offer what SPNEGO says around it; null for a bare token
 */
public record NegotiateToken(Octets mechToken, Octets apRequest, @Nullable Offer offer) {
  static final int LONGEST = 64 * 1024;

  /**
   * The mechanisms that the caller offers, Kerberos first.
   *
   * @param mechanisms the DER of the list, which the MIC covers
   * @param preferred the object identifier of the first
   * @param mic the caller's MIC of the list, if it has sent one
   */
  public record Offer(Octets mechanisms, Octets preferred, @Nullable Octets mic) {}

  private static final int LONGEST_TEXT = (LONGEST + 2) / 3 * 4;
  private static final int MOST_MECHANISMS = 32;
  private static final byte[] NTLM_SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AP_REQ_TOKEN_ID = {1, 0};

  private static final byte[] KRB5 = HexFormat.of().parseHex("2a864886f712010202");

  /** How Windows 2000 encoded the Kerberos OID, and later ones still list it (MS-SPNG 3.1.5.2). */
  private static final byte[] KRB5_OF_MICROSOFT = HexFormat.of().parseHex("2a864882f712010202");

  private static final byte[] SPNEGO = HexFormat.of().parseHex("2b0601050502");
  private static final byte[] NTLM = HexFormat.of().parseHex("2b06010401823702020a");

  /**
   * Reads what follows the word Negotiate in the field (RFC 4559 section 4.2).
   *
   * @param field the whole field
   * @param start where the token begins in it, which goes on to the end
   * @return the token
   * @throws RefusedTokenException if it is none of Kerberos that begins a negotiation
   */
  public static NegotiateToken parse(String field, int start) throws RefusedTokenException {
    int length = field.length() - start;
    if (length > LONGEST_TEXT) {
      throw tooLarge();
    }
    // What Latin-1 lacks becomes a question mark, which base64 lacks.
    byte[] text = field.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer decoded;
    try {
      decoded = Base64.getDecoder().decode(ByteBuffer.wrap(text, start, text.length - start));
    } catch (IllegalArgumentException notBase64) {
      throw malformed("the token is not base64");
    }
    Octets token = new Octets(decoded.array(), decoded.arrayOffset(), decoded.remaining());
    if (!isCanonical(text, length, token)) {
      throw malformed("the token is not canonical base64");
    }
    return read(token);
  }

  /**
   * Reads a token that has been decoded.
   *
   * @param bytes the whole of it
   * @return the token
   * @throws RefusedTokenException if it is none of Kerberos that begins a negotiation
   */
  public static NegotiateToken read(byte[] bytes) throws RefusedTokenException {
    return read(Octets.of(bytes));
  }

  private static NegotiateToken read(Octets whole) throws RefusedTokenException {
    if (whole.length() > LONGEST) {
      throw tooLarge();
    }
    if (whole.length() == 0) {
      throw malformed("the token is empty");
    }
    if (whole.startsWith(NTLM_SIGNATURE)) {
      throw new RefusedTokenException(KerberosRejection.NOT_KERBEROS, "the token is raw NTLM");
    }
    var in = new TokenReader(whole);
    if (in.nextIs(TokenReader.context(1))) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED,
          "the token is a NegTokenResp, which continues a negotiation that was not begun");
    }
    Octets framed = in.value(TokenReader.application(0), "the GSS-API token");
    in.end("the GSS-API token");
    var inside = new TokenReader(framed);
    return oid(inside, "the mechanism").isSameAs(SPNEGO) ? negotiated(inside) : of(whole, null);
  }

  /**
   * Puts the mechanism's answer into the frame that the caller used.
   *
   * @param answer the mechanism's; null if it has none
   * @param mic our MIC of the list of mechanisms; null for none
   * @return what to answer with; null for nothing
   */
  public byte @Nullable [] answer(byte @Nullable [] answer, byte @Nullable [] mic) {
    return offer == null ? answer : SpnegoExchange.completed(offer.preferred().copy(), answer, mic);
  }

  private static NegotiateToken of(Octets mechToken, @Nullable Offer offer)
      throws RefusedTokenException {
    return new NegotiateToken(mechToken, apRequestIn(mechToken), offer);
  }

  private static NegotiateToken negotiated(TokenReader in) throws RefusedTokenException {
    int outer = in.enterField(0, TokenReader.SEQUENCE, "NegTokenInit");
    int list = in.enter(TokenReader.context(0), "mechTypes");
    Octets mechanisms = in.rest();
    in.leave(list, "mechTypes");
    if (in.nextIs(TokenReader.context(1))) {
      in.skip(1, TokenReader.BIT_STRING, "reqFlags");
    }
    Octets token = null;
    if (in.nextIs(TokenReader.context(2))) {
      token = in.field(2, TokenReader.OCTET_STRING, "mechToken");
    }
    Octets mic = null;
    if (in.nextIs(TokenReader.context(3))) {
      mic = in.field(3, TokenReader.OCTET_STRING, "mechListMIC");
    }
    in.leave(outer, "NegTokenInit");
    in.end("NegTokenInit");
    Octets preferred = preferred(mechanisms);
    if (token == null) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED, "the first token brings no Kerberos token");
    }
    return of(token, new Offer(mechanisms, preferred, mic));
  }

  private static Octets apRequestIn(Octets token) throws RefusedTokenException {
    if (token.startsWith(NTLM_SIGNATURE)) {
      throw new RefusedTokenException(
          KerberosRejection.NOT_KERBEROS, "an NTLM token stands where Kerberos was announced");
    }
    var in = new TokenReader(token);
    int outer = in.enter(TokenReader.application(0), "the Kerberos token");
    Octets inner = oid(in, "the mechanism of the Kerberos token");
    if (!inner.isSameAs(KRB5)) {
      throw notKerberos(inner);
    }
    Octets rest = in.rest();
    in.leave(outer, "the Kerberos token");
    in.end("the Kerberos token");
    if (!rest.startsWith(AP_REQ_TOKEN_ID)) {
      throw malformed("the Kerberos token does not hold an AP-REQ (TOK_ID 01 00)");
    }
    return rest.from(AP_REQ_TOKEN_ID.length);
  }

  /** The first mechanism of the list, which must be Kerberos. */
  private static Octets preferred(Octets der) throws RefusedTokenException {
    var in = new TokenReader(der);
    int outer = in.enter(TokenReader.SEQUENCE, "mechTypes");
    Octets first = oid(in, "a mechanism of mechTypes");
    boolean anyKerberos = isKerberos(first);
    for (int count = 1; in.hasMore(); count++) {
      if (count == MOST_MECHANISMS) {
        throw malformed("mechTypes lists more than " + MOST_MECHANISMS + " mechanisms");
      }
      anyKerberos |= isKerberos(oid(in, "a mechanism of mechTypes"));
    }
    in.leave(outer, "mechTypes");
    in.end("mechTypes");
    if (isKerberos(first)) {
      return first;
    }
    if (anyKerberos) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED,
          "the caller puts " + named(first) + " before Kerberos");
    }
    throw notKerberos(first);
  }

  private static Octets oid(TokenReader in, String what) throws RefusedTokenException {
    Octets content = in.value(TokenReader.OID, what);
    if (content.length() == 0 || content.length() > 64) {
      throw malformed(what + " is not an object identifier");
    }
    return content;
  }

  /** The JDK's decoder forgives missing padding and stray bits; RFC 4648 section 3.5 need not. */
  private static boolean isCanonical(byte[] text, int length, Octets token) {
    int spare = token.length() % 3;
    if (length != (token.length() + 2) / 3 * 4) {
      return false;
    }
    return spare == 0
        || Octets.of(text)
            .from(text.length - 4)
            .isSameAs(Base64.getEncoder().encode(token.from(token.length() - spare).copy()));
  }

  private static boolean isKerberos(Octets oid) {
    return oid.isSameAs(KRB5) || oid.isSameAs(KRB5_OF_MICROSOFT);
  }

  private static String named(Octets oid) {
    return oid.isSameAs(NTLM)
        ? "NTLM"
        : "the mechanism with the DER " + HexFormat.of().formatHex(oid.copy());
  }

  private static RefusedTokenException notKerberos(Octets oid) {
    return new RefusedTokenException(
        KerberosRejection.NOT_KERBEROS, "the caller offers " + named(oid) + ", not Kerberos");
  }

  private static RefusedTokenException tooLarge() {
    return new RefusedTokenException(
        KerberosRejection.TOO_LARGE, "the token is longer than " + LONGEST + " bytes");
  }
}
