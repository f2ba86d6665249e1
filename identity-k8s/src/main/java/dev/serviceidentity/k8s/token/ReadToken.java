// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.ALGORITHM;
import static dev.serviceidentity.k8s.token.TokenRejection.CRITICAL_HEADER;
import static dev.serviceidentity.k8s.token.TokenRejection.EMBEDDED_KEY;
import static dev.serviceidentity.k8s.token.TokenRejection.ENCRYPTED;
import static dev.serviceidentity.k8s.token.TokenRejection.KEY_ID_MALFORMED;
import static dev.serviceidentity.k8s.token.TokenRejection.NESTED;
import static dev.serviceidentity.k8s.token.TokenRejection.TOKEN_MALFORMED;
import static dev.serviceidentity.k8s.token.TokenRejection.TOKEN_TOO_LARGE;
import static dev.serviceidentity.k8s.token.TokenRejection.TYPE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import dev.serviceidentity.spi.ForeignText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.text.ParseException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token taken apart, in the one spelling that it has (RFC 7515 section 3.1). What it says is not
 * verified yet.
 *
 * @param text all of it
 * @param header its header, with an algorithm of those that were asked for
 * @param claims its claims
 */
record ReadToken(String text, JWSHeader header, Claims claims) {
  static final int MOST_CHARACTERS = 8_192;
  private static final int PARTS = 3;
  private static final int PARTS_OF_JWE = 5;

  /**
   * Each would let the token say by which key it is verified (RFC 7515 sections 4.1.2 to 4.1.6).
   */
  private static final Set<String> KEYS_IN_HEADERS = Set.of("jku", "jwk", "x5u", "x5c");

  /** {@code at+jwt} is RFC 9068. */
  private static final Set<String> TYPES =
      Set.of("jwt", "application/jwt", "at+jwt", "application/at+jwt");

  private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7e]{1,200}");

  static ReadToken parse(String token, Set<String> algorithms) throws RefusedToken {
    require(
        token.length() <= MOST_CHARACTERS,
        TOKEN_TOO_LARGE,
        "The token has " + token.length() + " characters");
    String[] parts = token.split("\\.", -1);
    require(parts.length != PARTS_OF_JWE, ENCRYPTED, "The token has five parts, as a JWE has");
    require(parts.length == PARTS, TOKEN_MALFORMED, "The token has " + parts.length + " parts");
    Map<String, Object> header = json("header", parts[0]);
    checkHeader(header, algorithms);
    Map<String, Object> claims = json("claims", parts[1]);
    bytes("signature", parts[2]);
    try {
      return new ReadToken(token, JWSHeader.parse(header), new Claims(claims));
    } catch (ParseException | IllegalArgumentException e) {
      throw malformed("header", e);
    }
  }

  /** The bytes that are signed (RFC 7515 section 5.2). */
  byte[] signed() {
    return text.substring(0, text.lastIndexOf('.')).getBytes(ISO_8859_1);
  }

  Base64URL signature() {
    return new Base64URL(text.substring(text.lastIndexOf('.') + 1));
  }

  private static void checkHeader(Map<String, Object> header, Set<String> algorithms)
      throws RefusedToken {
    Object algorithm = header.get("alg");
    require(
        algorithm instanceof String name && algorithms.contains(name),
        ALGORITHM,
        "alg is " + quote(algorithm));
    require(!header.containsKey("crit"), CRITICAL_HEADER, "crit is " + quote(header.get("crit")));
    for (String name : KEYS_IN_HEADERS) {
      require(!header.containsKey(name), EMBEDDED_KEY, "The header has " + name);
    }
    require(!header.containsKey("cty"), NESTED, "cty is " + quote(header.get("cty")));
    Object type = header.get("typ");
    require(
        !header.containsKey("typ")
            || (type instanceof String name && TYPES.contains(name.toLowerCase(Locale.ROOT))),
        TYPE,
        "typ is " + quote(type));
    Object key = header.get("kid");
    require(
        !header.containsKey("kid") || (key instanceof String id && KEY_ID.matcher(id).matches()),
        KEY_ID_MALFORMED,
        "kid is " + quote(key));
  }

  private static String quote(@Nullable Object value) {
    return ForeignText.quote(String.valueOf(value));
  }

  /** Each member once: readers that take the first and those that take the last would disagree. */
  private static Map<String, Object> json(String part, String encoded) throws RefusedToken {
    byte[] bytes = bytes(part, encoded);
    try {
      return StrictJson.object(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException | ParseException e) {
      throw malformed(part, e);
    }
  }

  /** Without padding, other alphabets, and bits that stand for nothing (RFC 4648 section 3.5). */
  private static byte[] bytes(String part, String encoded) throws RefusedToken {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(encoded.getBytes(ISO_8859_1));
      require(
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(encoded),
          TOKEN_MALFORMED,
          "The " + part + " is base64url in another spelling than its own");
      return bytes;
    } catch (IllegalArgumentException e) {
      throw malformed(part, e);
    }
  }

  /** Without the text of the exception, which may repeat what it has read. */
  private static RefusedToken malformed(String part, Exception why) {
    return new RefusedToken(
        TOKEN_MALFORMED, "The " + part + " cannot be read: " + why.getClass().getSimpleName());
  }

  /** Redacted. */
  @Override
  public String toString() {
    return "ReadToken[" + text.length() + " characters]";
  }
}
