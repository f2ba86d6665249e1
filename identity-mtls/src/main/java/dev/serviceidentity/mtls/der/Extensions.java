// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.der;

import java.security.cert.X509Certificate;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of a certificate as bytes. JDK 17 looks for one that is not there by exceptions,
 * which deep in a handshake cost more than everything else that is looked at in a certificate; so
 * it is asked only for what its lists say it has.
 */
public final class Extensions {
  private Extensions() {}

  /** The value with the OCTET STRING around it, or null. */
  public static byte @Nullable [] value(X509Certificate certificate, String oid) {
    return critical(certificate).contains(oid) || nonCritical(certificate).contains(oid)
        ? certificate.getExtensionValue(oid)
        : null;
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
