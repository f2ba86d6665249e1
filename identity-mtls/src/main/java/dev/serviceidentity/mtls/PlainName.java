// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.NO_DNS_NAME;
import static dev.serviceidentity.mtls.CertificateRejection.NO_URI_NAME;
import static dev.serviceidentity.mtls.CertificateRejection.SEVERAL_DNS_NAMES;
import static dev.serviceidentity.mtls.CertificateRejection.SEVERAL_URI_NAMES;
import static dev.serviceidentity.mtls.CertificateRejection.SUBJECT_INVALID;
import static dev.serviceidentity.mtls.CertificateRejection.URI_NAME_INVALID;
import static dev.serviceidentity.mtls.LeafRules.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.spi.ForeignText;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Which name in a certificate is a principal, where it is no SPIFFE ID. Each has its prefix. */
enum PlainName {
  DNS {
    @Override
    String of(SubjectNames subject) throws RefusedCertificateException {
      return "dns:"
          + DnsName.parse(
              CertificateNames.only(
                  subject.dnsNames(), NO_DNS_NAME, SEVERAL_DNS_NAMES, "DNS name"));
    }
  },

  URI {
    @Override
    String of(SubjectNames subject) throws RefusedCertificateException {
      String uri =
          CertificateNames.only(subject.uris(), NO_URI_NAME, SEVERAL_URI_NAMES, "URI name");
      require(
          uri.length() <= LONGEST && ABSOLUTE.matcher(uri).matches() && !isSpiffe(uri),
          URI_NAME_INVALID,
          () -> "The URI name is " + ForeignText.quote(uri));
      return "uri:" + uri;
    }
  },

  SUBJECT {
    @Override
    String of(SubjectNames alternative) throws RefusedCertificateException {
      throw new RefusedCertificateException(
          SUBJECT_INVALID, "Alternative names alone do not tell the subject");
    }

    @Override
    String of(X509Certificate leaf) throws RefusedCertificateException {
      String subject = leaf.getSubjectX500Principal().getName(X500Principal.RFC2253);
      String visible = encoded(subject);
      require(
          !subject.isEmpty() && visible.length() <= LONGEST,
          SUBJECT_INVALID,
          () -> "The subject is " + ForeignText.quote(subject));
      return "subject:" + visible;
    }
  };

  /** With the prefix, less than a principal's name may have. */
  private static final int LONGEST = 2000;

  /** A scheme and something behind it in the characters of RFC 3986, section 2. */
  private static final Pattern ABSOLUTE =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+");

  /**
   * Returns this, chosen after another choice or none.
   *
   * @throws IllegalStateException if the other choice was not this
   */
  PlainName unlessOther(@Nullable PlainName before) {
    if (before != null && before != this) {
      throw new IllegalStateException(
          "A certificate has one identity: choose one of dnsNames(), uriNames() and"
              + " subjectNames()");
    }
    return this;
  }

  /** Returns the name with its prefix, exactly one for each principal. */
  String of(X509Certificate leaf) throws RefusedCertificateException {
    return of(CertificateNames.of(leaf));
  }

  /** Returns the same without the certificate, as a proxy tells it. */
  abstract String of(SubjectNames names) throws RefusedCertificateException;

  private static boolean isSpiffe(String uri) {
    return uri.regionMatches(true, 0, "spiffe:", 0, "spiffe:".length());
  }

  private static String encoded(String text) {
    var visible = new StringBuilder();
    for (byte octet : text.getBytes(UTF_8)) {
      if (octet > 0x20 && octet < 0x7f && octet != '%') {
        visible.append((char) octet);
      } else {
        visible.append(String.format("%%%02X", octet & 0xff));
      }
    }
    return visible.toString();
  }
}
