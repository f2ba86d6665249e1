// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import java.util.Objects;

/**
 * The name that a mechanism has proven: mechanism, trust domain or realm, and name within it.
 *
 * <p>Two principals are the same only if all three parts are equal, letter case included: the same
 * name proven by another mechanism or in another realm is somebody else. A name that starts with
 * {@code /} is a SPIFFE path, except in Kerberos, where a foreign KDC may put any text into a name
 * and it means nothing. Immutable and thread-safe.
 *
 * @param mechanism the mechanism that proves the name
 * @param domain the SPIFFE trust domain, the Kerberos realm or the token issuer; 1 to 255
 *     characters of visible ASCII without {@code @} and {@code /}
 * @param name the name within the domain, 1 to 2048 characters of visible ASCII. A SPIFFE path
 *     starts with {@code /}; a Kerberos name has its components joined by {@code /}, with {@code
 *     /}, {@code @} and {@code \} inside a component escaped by a backslash
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID</a>
 */
public record PrincipalId(MechanismName mechanism, String domain, String name) {
  private static final int LONGEST_DOMAIN = 255;
  private static final int LONGEST_NAME = 2048;
  private static final String SPIFFE_SCHEME = "spiffe://";

  /**
   * Checks the parts.
   *
   * @param mechanism the mechanism that proves the name
   * @param domain the trust domain, realm or issuer
   * @param name the name within the domain
   * @throws IllegalArgumentException if a part is empty, too long, or holds a space, a control
   *     character or anything outside ASCII, or if the text would be that of another principal
   */
  public PrincipalId {
    Objects.requireNonNull(mechanism, "mechanism");
    requireVisible("domain", domain, LONGEST_DOMAIN);
    requireVisible("name", name, LONGEST_NAME);
    if (domain.indexOf('@') >= 0 || domain.indexOf('/') >= 0) {
      throw new IllegalArgumentException("A principal's domain contains neither '@' nor '/'");
    }
    if (name.startsWith(SPIFFE_SCHEME) && !mechanism.equals(MechanismName.KERBEROS)) {
      throw new IllegalArgumentException("A principal's name is a SPIFFE path, not a SPIFFE ID");
    }
  }

  /**
   * Reads the canonical text, as {@link #toString()} writes it. A bare {@code spiffe://} ID stands
   * for the mTLS principal of that name.
   *
   * @param text for example {@code kerberos:HTTP/orders.shop@SHOP.EXAMPLE} or {@code
   *     mtls:spiffe://shop.example/ns/shop/sa/web}
   * @return the principal
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static PrincipalId parse(String text) {
    if (text.startsWith(SPIFFE_SCHEME)) {
      return spiffe(MechanismName.MTLS, text);
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          Echo.of(text)
              + " is no principal: write mechanism:name@domain or mechanism:spiffe://domain/path");
    }
    MechanismName mechanism = MechanismName.of(text.substring(0, colon));
    String rest = text.substring(colon + 1);
    if (rest.startsWith(SPIFFE_SCHEME) && !mechanism.equals(MechanismName.KERBEROS)) {
      return spiffe(mechanism, rest);
    }
    int at = rest.lastIndexOf('@');
    if (at < 0) {
      throw new IllegalArgumentException(
          Echo.of(text) + " is no principal: write '@' and its realm or domain behind the name");
    }
    return new PrincipalId(mechanism, rest.substring(at + 1), rest.substring(0, at));
  }

  /**
   * Tells whether this is a SPIFFE identity.
   *
   * @return true if the name is a SPIFFE path; never for a Kerberos principal
   */
  public boolean isSpiffe() {
    return name.startsWith("/") && !mechanism.equals(MechanismName.KERBEROS);
  }

  /**
   * The text by which people of the field write this principal, without the mechanism.
   *
   * @return a SPIFFE ID, or {@code name@domain}
   */
  public String nativeName() {
    return isSpiffe() ? SPIFFE_SCHEME + domain + name : name + "@" + domain;
  }

  /** Returns the canonical text, which {@link #parse(String)} reads back. */
  @Override
  public String toString() {
    return mechanism + ":" + nativeName();
  }

  private static PrincipalId spiffe(MechanismName mechanism, String id) {
    int path = id.indexOf('/', SPIFFE_SCHEME.length());
    if (path < 0) {
      throw new IllegalArgumentException(
          Echo.of(id) + " is no SPIFFE ID of a workload: write its path behind the trust domain");
    }
    return new PrincipalId(
        mechanism, id.substring(SPIFFE_SCHEME.length(), path), id.substring(path));
  }

  private static void requireVisible(String part, String text, int longest) {
    Objects.requireNonNull(text, part);
    if (text.isEmpty() || text.length() > longest) {
      throw new IllegalArgumentException(
          "A principal's " + part + " has 1 to " + longest + " characters");
    }
    if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("A principal's " + part + " is visible ASCII");
    }
  }
}
