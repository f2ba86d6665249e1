// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import org.conscrypt.Conscrypt;

/** Whose TLS a server has, and how that says what is wrong. */
enum ServerTls {
  JDK("Empty client certificate chain", "CertificateVerify"),
  CONSCRYPT("PEER_DID_NOT_RETURN_A_CERTIFICATE", "BAD_SIGNATURE");

  final String withoutCertificate;
  final String wrongKey;

  ServerTls(String withoutCertificate, String wrongKey) {
    this.withoutCertificate = withoutCertificate;
    this.wrongKey = wrongKey;
  }

  MtlsIdentityBuilder in(MtlsIdentityBuilder builder) {
    return this == JDK ? builder : builder.provider(Conscrypt.newProvider());
  }
}
