// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.ForeignText;
import java.net.URI;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an issuer says of itself (OpenID Connect Discovery 1.0 section 4).
 *
 * @param issuer who it must be
 */
record Discovery(String issuer) {
  static final String PATH = "/.well-known/openid-configuration";

  /**
   * Where the keys are.
   *
   * @throws IdentityException with code {@code REFUSED} if it is the document of another issuer
   *     (section 4.3) or names no address of its keys
   */
  URI keysOf(String document) {
    String said;
    String keys;
    try {
      var members = JSONObjectUtils.parse(document);
      said = JSONObjectUtils.getString(members, "issuer");
      keys = JSONObjectUtils.getString(members, "jwks_uri");
    } catch (ParseException e) {
      throw wrong("is no JSON object with texts", e);
    }
    if (!issuer.equals(said)) {
      throw wrong("is of " + ForeignText.quote(String.valueOf(said)) + ", another issuer", null);
    }
    try {
      URI uri = URI.create(String.valueOf(keys));
      if ("https".equalsIgnoreCase(uri.getScheme())
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw wrong("names no address of its keys", e);
    }
    throw wrong("names an address of its keys that is not of https", null);
  }

  private IdentityException wrong(
      String what, @Nullable Exception cause) {
    return new IdentityException(
        Code.REFUSED,
        "The discovery document of the issuer " + issuer + " " + what + "; correct issuer(...)",
        cause);
  }
}
