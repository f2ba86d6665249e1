// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.ForeignText;
import java.net.URI;
import java.text.ParseException;
import java.util.Map;
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
    Map<String, Object> members;
    try {
      members = StrictJson.object(document);
    } catch (ParseException e) {
      throw wrong("is no JSON object", e);
    }
    String said = String.valueOf(members.get("issuer"));
    if (!issuer.equals(said)) {
      throw wrong("is of " + ForeignText.quote(said) + ", another issuer", null);
    }
    try {
      URI uri = URI.create(String.valueOf(members.get("jwks_uri")));
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

  private IdentityException wrong(String what, @Nullable Exception cause) {
    return new IdentityException(
        Code.REFUSED,
        "The discovery document of the issuer " + issuer + " " + what + "; correct issuer(...)",
        cause);
  }
}
