// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.SIGNATURE_INVALID;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.UNKNOWN_KEY;
import static dev.serviceidentity.mtls.spiffe.JwtSvidRejection.UNKNOWN_TRUST_DOMAIN;
import static dev.serviceidentity.mtls.spiffe.RefusedTokenException.require;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign the JWT-SVIDs of each trust domain, by their key IDs.
 *
 * @param domains keys by trust domain
 * @param trouble what of the update could not be used, or null
 */
record JwtBundles(Map<String, Map<String, JWK>> domains, @Nullable IdentityException trouble)
    implements Latest.Update {

  /** Whether the trust domain of its subject has signed the token. */
  void requireSignature(JwtSvidToken token) throws RefusedTokenException {
    Map<String, JWK> keys = domains.get(token.subject().trustDomain());
    if (keys == null) {
      throw new RefusedTokenException(
          UNKNOWN_TRUST_DOMAIN,
          token.subject() + " is of a trust domain other than " + domains.keySet());
    }
    JWSHeader header = token.jwt().getHeader();
    JWK key = keys.get(header.getKeyID());
    if (key == null) {
      throw new RefusedTokenException(
          UNKNOWN_KEY,
          token.subject().trustDomain() + " has no key " + ForeignText.quote(header.getKeyID()));
    }
    require(isSignedBy(key, token), SIGNATURE_INVALID, "The token of " + token.subject());
  }

  /** By the key's own kind: the token has no say in how it is verified. */
  private static boolean isSignedBy(JWK key, JwtSvidToken token) {
    JWSHeader header = token.jwt().getHeader();
    try {
      JWSVerifier verifier =
          key instanceof ECKey ec ? new ECDSAVerifier(ec) : new RSASSAVerifier((RSAKey) key);
      return verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())
          && (key.getAlgorithm() == null || key.getAlgorithm().equals(header.getAlgorithm()))
          && token.jwt().verify(verifier);
    } catch (JOSEException e) {
      return false;
    }
  }
}
