// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import org.ietf.jgss.GSSException;
import org.ietf.jgss.Oid;

/** The object identifiers of the GSS-API that this module uses. */
enum Mechanisms {
  /** The Kerberos mechanism (RFC 4121). */
  KERBEROS("1.2.840.113554.1.2.2"),
  /** A principal as a name (RFC 1964 section 2.1.1), which the JDK does not look up in the DNS. */
  PRINCIPAL_NAME("1.2.840.113554.1.2.2.1");

  private final String dotted;

  Mechanisms(String dotted) {
    this.dotted = dotted;
  }

  Oid oid() {
    try {
      return new Oid(dotted);
    } catch (GSSException impossible) {
      throw new IllegalStateException(dotted, impossible);
    }
  }
}
