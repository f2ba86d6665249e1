// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.KEY_ID_MISSING;
import static dev.serviceidentity.k8s.token.TokenRejection.SIGNATURE_INVALID;
import static dev.serviceidentity.k8s.token.TokenRejection.UNKNOWN_KEY;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.serviceidentity.spi.ForeignText;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys by which an issuer signs.
 *
 * @param byId those that have a key ID
 * @param all all of them
 * @param troubles what is wrong with those that were left out
 */
record KeySet(Map<String, IssuerKey> byId, List<IssuerKey> all, List<String> troubles) {
  private static final int MOST_KEYS = 100;
  private static final int FEWEST_RSA_BITS = 2048;

  /** Beyond, one signature costs more than a millisecond. */
  private static final int MOST_RSA_BITS = 8192;

  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

  /**
   * One key, which verifies by its own kind: the token has no say in it.
   *
   * @param jwk the public key
   * @param verifier verifies by it
   */
  record IssuerKey(JWK jwk, JWSVerifier verifier) {
    boolean fits(JWSHeader header) {
      return verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())
          && (jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(header.getAlgorithm()));
    }
  }

  /**
   * Reads a JWK set (RFC 7517 section 5). A key that cannot be used is left out, and costs no other
   * its use.
   *
   * @throws ParseException if it is none, or has no key that can be used
   */
  static KeySet parse(String json) throws ParseException {
    if (!(StrictJson.object(json).get("keys") instanceof List<?> members)
        || members.size() > MOST_KEYS) {
      throw new ParseException("It is no set of 1 to " + MOST_KEYS + " keys", 0);
    }
    var byId = new HashMap<String, IssuerKey>();
    var all = new ArrayList<IssuerKey>();
    var troubles = new ArrayList<String>();
    for (Object member : members) {
      try {
        IssuerKey key = key(JWK.parse(object(member)));
        String id = key.jwk().getKeyID();
        if (id != null && byId.putIfAbsent(id, key) != null) {
          throw new ParseException("Two keys have one key ID", 0);
        }
        all.add(key);
      } catch (ParseException | JOSEException | IllegalArgumentException e) {
        troubles.add(ForeignText.quote(String.valueOf(e.getMessage())));
      }
    }
    if (all.isEmpty()) {
      throw new ParseException("It has no key that can be used: " + troubles, 0);
    }
    return new KeySet(Map.copyOf(byId), List.copyOf(all), List.copyOf(troubles));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object member) throws ParseException {
    if (member instanceof Map<?, ?> object) {
      return (Map<String, Object>) object;
    }
    throw new ParseException("A key is an object", 0);
  }

  private static IssuerKey key(JWK jwk) throws ParseException, JOSEException {
    // What a private or a shared key in it could sign would be worth nothing.
    if (jwk.isPrivate()) {
      throw new ParseException("A private or a shared key", 0);
    }
    if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
      throw new ParseException("A key that is not for signatures", 0);
    }
    if (jwk instanceof ECKey ec && CURVES.contains(ec.getCurve())) {
      return new IssuerKey(ec, new ECDSAVerifier(ec));
    }
    if (jwk instanceof RSAKey rsa && rsa.size() >= FEWEST_RSA_BITS && rsa.size() <= MOST_RSA_BITS) {
      return new IssuerKey(rsa, new RSASSAVerifier(rsa));
    }
    if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
      return new IssuerKey(pair, EdwardsVerifier.of(pair));
    }
    throw new ParseException(
        "A key other than EC over P-256, P-384, P-521, Ed25519, or RSA of 2048 to 8192 bits", 0);
  }

  /** Whether one of these keys has signed the token, and just the one that it names. */
  void requireSignature(ReadToken token) throws RefusedToken {
    JWSHeader header = token.header();
    IssuerKey key = key(header);
    require(
        key.fits(header) && isSignedBy(key, token),
        SIGNATURE_INVALID,
        "The signature by " + header.getAlgorithm() + " is not of that key");
  }

  private IssuerKey key(JWSHeader header) throws RefusedToken {
    String id = header.getKeyID();
    if (id == null) {
      List<IssuerKey> fitting = all.stream().filter(key -> key.fits(header)).toList();
      require(
          !fitting.isEmpty(), UNKNOWN_KEY, "The issuer has no key for " + header.getAlgorithm());
      require(fitting.size() == 1, KEY_ID_MISSING, "The issuer has " + all.size() + " keys");
      return fitting.get(0);
    }
    IssuerKey key = byId.get(id);
    if (key == null) {
      throw new RefusedToken(UNKNOWN_KEY, "The issuer has no key " + ForeignText.quote(id));
    }
    return key;
  }

  private static boolean isSignedBy(IssuerKey key, ReadToken token) {
    try {
      return key.verifier().verify(token.header(), token.signed(), token.signature());
    } catch (JOSEException e) {
      return false;
    }
  }
}
