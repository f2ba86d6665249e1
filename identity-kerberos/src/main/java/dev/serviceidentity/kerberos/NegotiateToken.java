// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first token of a negotiation, down to the AP-REQ inside: SPNEGO (RFC 4178 section 4.2) around
 * the Kerberos mechanism (RFC 4121 section 4.1), or the Kerberos mechanism bare.
 */
final class NegotiateToken {
  static final int LONGEST = 64 * 1024;

  private static final int LONGEST_TEXT = (LONGEST + 2) / 3 * 4;
  private static final int MOST_MECHANISMS = 32;
  private static final byte[] NTLM_SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AP_REQ_TOKEN_ID = {1, 0};

  private static final String KRB5 = "2a864886f712010202";

  /** How Windows 2000 encoded the Kerberos OID, and later ones still list it (MS-SPNG 3.1.5.2). */
  private static final String KRB5_OF_MICROSOFT = "2a864882f712010202";

  private static final String SPNEGO = "2b0601050502";
  private static final String NTLM = "2b06010401823702020a";

  private final byte[] mechToken;
  private final byte[] apRequest;
  private final @Nullable String preferred;

  private NegotiateToken(byte[] mechToken, @Nullable String preferred)
      throws RefusedTokenException {
    this.mechToken = mechToken;
    this.apRequest = apRequestIn(mechToken);
    this.preferred = preferred;
  }

  /** Reads what follows the word Negotiate in the field (RFC 4559 section 4.2). */
  static NegotiateToken parse(String text) throws RefusedTokenException {
    if (text.length() > LONGEST_TEXT) {
      throw tooLarge();
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw malformed("the token is not base64");
    }
    // The JDK's decoder forgives missing padding and stray bits; RFC 4648 section 3.5 need not.
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw malformed("the token is not canonical base64");
    }
    return read(bytes);
  }

  static NegotiateToken read(byte[] bytes) throws RefusedTokenException {
    if (bytes.length > LONGEST) {
      throw tooLarge();
    }
    if (bytes.length == 0) {
      throw malformed("the token is empty");
    }
    if (startsWith(bytes, NTLM_SIGNATURE)) {
      throw new RefusedTokenException(KerberosRejection.NOT_KERBEROS, "the token is raw NTLM");
    }
    var outer = new TokenReader(bytes);
    if (outer.nextIs(TokenReader.context(1))) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED,
          "the token is a NegTokenResp, which continues a negotiation that was not begun");
    }
    TokenReader framed = outer.enter(TokenReader.application(0), "the GSS-API token");
    outer.end("the GSS-API token");
    String mechanism = oid(framed, "the mechanism");
    return mechanism.equals(SPNEGO) ? negotiated(framed) : new NegotiateToken(bytes, null);
  }

  /** The token of the Kerberos mechanism (RFC 4121 section 4.1), for the JDK. */
  byte[] mechToken() {
    return mechToken;
  }

  /** Puts the mechanism's answer into the frame that the caller used. */
  Optional<byte[]> answer(Optional<byte[]> answer) {
    return preferred == null
        ? answer
        : Optional.of(SpnegoExchange.completed(HexFormat.of().parseHex(preferred), answer));
  }

  /** The DER of the AP-REQ. */
  byte[] apRequest() {
    return apRequest;
  }

  private static NegotiateToken negotiated(TokenReader framed) throws RefusedTokenException {
    TokenReader init = framed.field(0, TokenReader.SEQUENCE, "NegTokenInit");
    framed.end("NegTokenInit");
    List<String> mechanisms = mechanisms(init.field(0, TokenReader.SEQUENCE, "mechTypes"));
    if (init.nextIs(TokenReader.context(1))) {
      init.field(1, TokenReader.BIT_STRING, "reqFlags");
    }
    byte[] token = null;
    if (init.nextIs(TokenReader.context(2))) {
      token = init.field(2, TokenReader.OCTET_STRING, "mechToken").rest();
    }
    if (init.nextIs(TokenReader.context(3))) {
      init.field(3, TokenReader.OCTET_STRING, "mechListMIC");
    }
    init.end("NegTokenInit");
    requireKerberosFirst(mechanisms);
    if (token == null) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED, "the first token brings no Kerberos token");
    }
    return new NegotiateToken(token, mechanisms.get(0));
  }

  private static byte[] apRequestIn(byte[] token) throws RefusedTokenException {
    if (startsWith(token, NTLM_SIGNATURE)) {
      throw new RefusedTokenException(
          KerberosRejection.NOT_KERBEROS, "an NTLM token stands where Kerberos was announced");
    }
    var outer = new TokenReader(token);
    TokenReader framed = outer.enter(TokenReader.application(0), "the Kerberos token");
    outer.end("the Kerberos token");
    String inner = oid(framed, "the mechanism of the Kerberos token");
    if (!inner.equals(KRB5)) {
      throw notKerberos(inner);
    }
    return apRequest(framed);
  }

  private static void requireKerberosFirst(List<String> mechanisms) throws RefusedTokenException {
    if (isKerberos(mechanisms.get(0))) {
      return;
    }
    if (mechanisms.stream().anyMatch(NegotiateToken::isKerberos)) {
      throw new RefusedTokenException(
          KerberosRejection.CONTINUATION_UNSUPPORTED,
          "the caller puts " + named(mechanisms.get(0)) + " before Kerberos");
    }
    throw notKerberos(mechanisms.get(0));
  }

  private static List<String> mechanisms(TokenReader list) throws RefusedTokenException {
    var found = new ArrayList<String>();
    while (list.hasMore()) {
      if (found.size() == MOST_MECHANISMS) {
        throw malformed("mechTypes lists more than " + MOST_MECHANISMS + " mechanisms");
      }
      found.add(oid(list, "a mechanism of mechTypes"));
    }
    if (found.isEmpty()) {
      throw malformed("mechTypes is empty");
    }
    return found;
  }

  private static byte[] apRequest(TokenReader framed) throws RefusedTokenException {
    byte[] rest = framed.rest();
    if (!startsWith(rest, AP_REQ_TOKEN_ID)) {
      throw malformed("the Kerberos token does not hold an AP-REQ (TOK_ID 01 00)");
    }
    return Arrays.copyOfRange(rest, AP_REQ_TOKEN_ID.length, rest.length);
  }

  private static String oid(TokenReader from, String what) throws RefusedTokenException {
    byte[] content = from.enter(TokenReader.OID, what).rest();
    if (content.length == 0 || content.length > 64) {
      throw malformed(what + " is not an object identifier");
    }
    return HexFormat.of().formatHex(content);
  }

  private static boolean isKerberos(String oid) {
    return oid.equals(KRB5) || oid.equals(KRB5_OF_MICROSOFT);
  }

  private static String named(String oid) {
    return oid.equals(NTLM) ? "NTLM" : "the mechanism with the DER " + oid;
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static RefusedTokenException notKerberos(String oid) {
    return new RefusedTokenException(
        KerberosRejection.NOT_KERBEROS, "the caller offers " + named(oid) + ", not Kerberos");
  }

  private static RefusedTokenException tooLarge() {
    return new RefusedTokenException(
        KerberosRejection.TOO_LARGE, "the token is longer than " + LONGEST + " bytes");
  }
}
