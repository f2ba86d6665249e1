// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.ID_CHARACTERS;
import static dev.serviceidentity.mtls.CertificateRejection.ID_FRAGMENT;
import static dev.serviceidentity.mtls.CertificateRejection.ID_PATH_SEGMENT;
import static dev.serviceidentity.mtls.CertificateRejection.ID_PERCENT_ENCODING;
import static dev.serviceidentity.mtls.CertificateRejection.ID_PORT;
import static dev.serviceidentity.mtls.CertificateRejection.ID_QUERY;
import static dev.serviceidentity.mtls.CertificateRejection.ID_SCHEME;
import static dev.serviceidentity.mtls.CertificateRejection.ID_TOO_LONG;
import static dev.serviceidentity.mtls.CertificateRejection.ID_TRUST_DOMAIN;
import static dev.serviceidentity.mtls.CertificateRejection.ID_USER_INFO;

import dev.serviceidentity.spi.ForeignText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID, held to every rule of the SPIFFE-ID standard, section 2. Immutable and thread-safe.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID</a>
 */
public final class SpiffeId {
  private static final String PREFIX = "spiffe://";
  private static final int LONGEST_ID = 2048;
  private static final int LONGEST_TRUST_DOMAIN = 255;

  private final String trustDomain;
  private final String path;

  private SpiffeId(String trustDomain, String path) {
    this.trustDomain = trustDomain;
    this.path = path;
  }

  /**
   * Reads an ID, of a workload or of a trust domain.
   *
   * @param text for example {@code spiffe://shop.example/ns/shop/sa/web}
   * @return what it says
   * @throws IllegalArgumentException naming the rule that it breaks; the text is quoted and escaped
   */
  public static SpiffeId parse(String text) {
    try {
      return read(text);
    } catch (RefusedCertificateException e) {
      throw new IllegalArgumentException(
          ForeignText.quote(text) + " is no SPIFFE ID (" + e.rejection() + ")", e);
    }
  }

  static SpiffeId read(String text) throws RefusedCertificateException {
    if (text.length() > LONGEST_ID) {
      throw refused(ID_TOO_LONG, text);
    }
    if (!text.startsWith(PREFIX)) {
      throw refused(ID_SCHEME, text);
    }
    int slash = text.indexOf('/', PREFIX.length());
    int end = slash < 0 ? text.length() : slash;
    refuseUriParts(text, end);
    String trustDomain = text.substring(PREFIX.length(), end);
    String path = text.substring(end);
    requireTrustDomain(trustDomain, text);
    if (!path.isEmpty()) {
      requireSegments(path, text);
    }
    return new SpiffeId(trustDomain, path);
  }

  private static boolean isTrustDomain(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!inTrustDomain(name.charAt(i))) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= LONGEST_TRUST_DOMAIN;
  }

  /**
   * Returns the name.
   *
   * @throws IllegalArgumentException if it cannot be a trust domain
   */
  static String requireTrustDomain(String name) {
    if (!isTrustDomain(name)) {
      throw new IllegalArgumentException(
          ForeignText.quote(name)
              + " is not a trust domain such as shop.example: 1 to 255 of a-z, 0-9, '.', '-' and"
              + " '_', without spiffe:// and path");
    }
    return name;
  }

  /**
   * The trust domain.
   *
   * @return 1 to 255 characters
   */
  public String trustDomain() {
    return trustDomain;
  }

  /**
   * The path, which names the workload.
   *
   * @return empty for a trust domain itself, else with its leading slash
   */
  public String path() {
    return path;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpiffeId that
        && trustDomain.equals(that.trustDomain)
        && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return Objects.hash(trustDomain, path);
  }

  /** Returns the ID as it is written. */
  @Override
  public String toString() {
    return PREFIX + trustDomain + path;
  }

  /** What a URI may have and a SPIFFE ID may not, each with its own reason. */
  private static void refuseUriParts(String text, int endOfTrustDomain)
      throws RefusedCertificateException {
    for (int i = PREFIX.length(); i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '?' -> throw refused(ID_QUERY, text);
        case '#' -> throw refused(ID_FRAGMENT, text);
        case '%' -> throw refused(ID_PERCENT_ENCODING, text);
        case '@' -> throw refused(i < endOfTrustDomain ? ID_USER_INFO : ID_CHARACTERS, text);
        case ':' -> throw refused(i < endOfTrustDomain ? ID_PORT : ID_CHARACTERS, text);
        default -> {}
      }
    }
  }

  private static void requireTrustDomain(String trustDomain, String text)
      throws RefusedCertificateException {
    if (trustDomain.length() > LONGEST_TRUST_DOMAIN) {
      throw refused(ID_TOO_LONG, text);
    }
    if (!isTrustDomain(trustDomain)) {
      throw refused(ID_TRUST_DOMAIN, text);
    }
  }

  private static void requireSegments(String path, String text) throws RefusedCertificateException {
    int begin = 1;
    while (begin <= path.length()) {
      int slash = path.indexOf('/', begin);
      int end = slash < 0 ? path.length() : slash;
      requireSegment(path.substring(begin, end), text);
      begin = end + 1;
    }
  }

  private static void requireSegment(String segment, String text)
      throws RefusedCertificateException {
    if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
      throw refused(ID_PATH_SEGMENT, text);
    }
    for (int i = 0; i < segment.length(); i++) {
      if (!inPath(segment.charAt(i))) {
        throw refused(ID_CHARACTERS, text);
      }
    }
  }

  private static boolean inTrustDomain(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  }

  private static boolean inPath(int c) {
    return inTrustDomain(c) || (c >= 'A' && c <= 'Z');
  }

  private static RefusedCertificateException refused(CertificateRejection reason, String text) {
    return new RefusedCertificateException(reason, "The URI name is " + ForeignText.quote(text));
  }
}
