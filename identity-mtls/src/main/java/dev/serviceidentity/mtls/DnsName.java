// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static dev.serviceidentity.mtls.CertificateRejection.DNS_NAME_INVALID;

import dev.serviceidentity.spi.ForeignText;
import java.util.Locale;
import java.util.regex.Pattern;

/** A full host name (RFC 1123 section 2.1) as a certificate states it: no wildcard, no last dot. */
final class DnsName {
  private static final int LONGEST = 253;
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern FORM = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  private DnsName() {}

  /** Returns the name in lower case, since letter case means nothing in the DNS (RFC 4343). */
  static String parse(String text) throws RefusedCertificateException {
    if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
      throw new RefusedCertificateException(
          DNS_NAME_INVALID, "The DNS name is " + ForeignText.quote(text));
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
