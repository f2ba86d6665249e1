// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.der;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of a certificate as bytes. JDK 17 looks for one that is not there by exceptions,
 * which deep in a handshake cost more than everything else that is looked at in a certificate; so
 * it is asked only for what its lists say it has.
 */
public final class Extensions {
  /** Their tag in a TBSCertificate (RFC 5280 section 4.1). */
  private static final int EXTENSIONS = 0xa3;

  private Extensions() {}

  /** The value with the OCTET STRING around it, or null. */
  public static byte @Nullable [] value(X509Certificate certificate, String oid) {
    return critical(certificate).contains(oid) || nonCritical(certificate).contains(oid)
        ? certificate.getExtensionValue(oid)
        : null;
  }

  /**
   * Demands that no extension is there twice (RFC 5280 section 4.2). Parsers see to that only among
   * those that they can read, so that each of them would believe another one of two.
   */
  public static void requireEachOnce(X509Certificate certificate) throws MalformedDerException {
    DerReader body = new DerReader(body(certificate)).enter(DerReader.SEQUENCE);
    while (body.hasMore() && body.tag() != EXTENSIONS) {
      body.skip();
    }
    if (!body.hasMore()) {
      return;
    }
    DerReader extensions = body.enter(EXTENSIONS).enter(DerReader.SEQUENCE);
    var seen = new HashSet<String>();
    while (extensions.hasMore()) {
      String id = extensions.enter(DerReader.SEQUENCE).hex(DerReader.OBJECT_IDENTIFIER);
      if (!seen.add(id)) {
        throw new MalformedDerException(
            "the extension with the identifier " + id + " is there twice");
      }
    }
  }

  private static byte[] body(X509Certificate certificate) throws MalformedDerException {
    try {
      return certificate.getTBSCertificate();
    } catch (CertificateEncodingException e) {
      throw new MalformedDerException("it has no encoding");
    }
  }

  /** The names of those that are critical. */
  public static Set<String> critical(X509Certificate certificate) {
    return orEmpty(certificate.getCriticalExtensionOIDs());
  }

  private static Set<String> nonCritical(X509Certificate certificate) {
    return orEmpty(certificate.getNonCriticalExtensionOIDs());
  }

  private static Set<String> orEmpty(@Nullable Set<String> extensions) {
    return extensions == null ? Set.of() : extensions;
  }
}
