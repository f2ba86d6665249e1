// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of domains as people configure them: one that no principal can have binds nobody. */
final class DomainText {
  /** SPIFFE-ID section 2.1. */
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");

  /** RFC 4120 section 6.1, and what a principal's canonical text can hold. */
  private static final Pattern REALM = Pattern.compile("[!-~&&[^/@\\\\]]{1,255}");

  /** What a principal's domain can be. */
  private static final Pattern ISSUER = Pattern.compile("[!-~&&[^/@]]{1,255}");

  private static final Pattern SPIFFE_ID = Pattern.compile("spiffe://([^/]*).*");

  private DomainText() {}

  static String trustDomain(String name) {
    if (TRUST_DOMAIN.matcher(name).matches()) {
      return name;
    }
    Matcher id = SPIFFE_ID.matcher(name);
    boolean holdsOne = id.matches() && TRUST_DOMAIN.matcher(id.group(1)).matches();
    throw new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The binding's trustDomain(...) is a name in a-z, 0-9, '.', '-' and '_', not "
            + ForeignText.quote(name)
            + (holdsOne ? "; write trustDomain(\"" + id.group(1) + "\")" : ""));
  }

  static String tokens(String name) {
    if (ISSUER.matcher(name).matches()) {
      return name;
    }
    throw new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The binding's tokenDomain(...) is an issuer's host and port, or what its domain(...) says,"
            + " visible ASCII without '/' and '@', not "
            + ForeignText.quote(name));
  }

  static String realm(String name) {
    if (REALM.matcher(name).matches()) {
      return name;
    }
    String tail = name.substring(name.lastIndexOf('@') + 1);
    boolean holdsOne = REALM.matcher(tail).matches();
    throw new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The binding's realm(...) is a realm alone, visible ASCII without '/', '@' and '\\', not "
            + ForeignText.quote(name)
            + (holdsOne ? "; write realm(\"" + tail + "\")" : ""));
  }
}
