// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.NAME_CONSTRAINTS;
import static dev.serviceidentity.mtls.LeafRules.require;

import dev.serviceidentity.mtls.der.DerReader;
import dev.serviceidentity.mtls.der.Extensions;
import dev.serviceidentity.mtls.der.MalformedDerException;
import dev.serviceidentity.mtls.der.SubjectNames;
import dev.serviceidentity.spi.ForeignText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Which names an authority may give out (RFC 5280 section 4.2.1.10). The JDK compares the names,
 * but its path validation looks neither at the constraints of an anchor, nor at those of anybody
 * that it cannot parse and that are not critical.
 */
final class NameConstraints {
  static final String EXTENSION = "2.5.29.30";

  private NameConstraints() {}

  /**
   * Holds all certificates below each authority against its constraints. After path validation:
   * only then is it certain that an authority has written them.
   *
   * @param path the leaf first, the anchor last
   */
  static void check(List<X509Certificate> path) throws RefusedCertificateException {
    for (int i = 1; i < path.size(); i++) {
      byte[] extension = Extensions.value(path.get(i), EXTENSION);
      if (extension != null) {
        check(path.subList(0, i), extension);
      }
    }
  }

  /**
   * The JDK compares its own reading of a name with the constraints, and drops a non-critical name
   * extension that it cannot parse: what it does not see it would not constrain. A URI name without
   * a host name must be refused where URIs are constrained (RFC 5280 section 4.2.1.10); there the
   * JDK fails with a NullPointerException.
   *
   * @param path the leaf first, the anchor last
   */
  static void requireComparableNames(List<X509Certificate> path)
      throws RefusedCertificateException {
    if (!isConstrained(path)) {
      return;
    }
    for (X509Certificate certificate : path.subList(0, path.size() - 1)) {
      require(
          Extensions.value(certificate, SubjectNames.EXTENSION) == null
              || (jdkReads(certificate)
                  && CertificateNames.of(certificate).uris().stream()
                      .allMatch(NameConstraints::hasHost)),
          NAME_CONSTRAINTS,
          "A name is of a form that cannot be held against the name constraints");
    }
  }

  private static boolean isConstrained(List<X509Certificate> path) {
    for (X509Certificate certificate : path) {
      if (Extensions.value(certificate, EXTENSION) != null) {
        return true;
      }
    }
    return false;
  }

  /** Self-issued authorities are exempt, the leaf never is (RFC 5280 section 6.1.3, b and c). */
  private static void check(List<X509Certificate> below, byte[] extension)
      throws RefusedCertificateException {
    X509CertSelector permitted = permitted(extension);
    for (X509Certificate certificate : below) {
      require(
          (!certificate.equals(below.get(0)) && isSelfIssued(certificate))
              || matches(permitted, certificate),
          NAME_CONSTRAINTS,
          () ->
              ForeignText.quote(certificate.getSubjectX500Principal().getName())
                  + " has a name that an authority above it may not give out");
    }
  }

  static boolean isSelfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static X509CertSelector permitted(byte[] extension) throws RefusedCertificateException {
    try {
      var selector = new X509CertSelector();
      selector.setNameConstraints(new DerReader(extension).content(DerReader.OCTET_STRING));
      return selector;
    } catch (MalformedDerException | IOException e) {
      throw new RefusedCertificateException(
          NAME_CONSTRAINTS, "The name constraints of an authority cannot be read");
    }
  }

  private static boolean matches(X509CertSelector permitted, X509Certificate certificate) {
    try {
      return permitted.match(certificate);
    } catch (UnsupportedOperationException kindThatTheJdkCannotCompare) {
      return false;
    }
  }

  private static boolean jdkReads(X509Certificate certificate) {
    try {
      return certificate.getSubjectAlternativeNames() != null;
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static boolean hasHost(String uri) {
    try {
      return new URI(uri).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
