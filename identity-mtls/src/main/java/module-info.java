// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Mutual TLS as a way of proving identity: certificates, their rotation and verification. */
// The one that is named below is compiled later.
@SuppressWarnings("module")
module dev.serviceidentity.mtls {
  requires transitive dev.serviceidentity.api;
  // Of the issuing endpoint for development alone.
  requires static jdk.httpserver;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;

  exports dev.serviceidentity.mtls;
  exports dev.serviceidentity.mtls.development;
  exports dev.serviceidentity.mtls.forwarded;
  exports dev.serviceidentity.mtls.source;
  exports dev.serviceidentity.mtls.der to
      dev.serviceidentity.mtls.spiffe;
  exports dev.serviceidentity.mtls.pem to
      dev.serviceidentity.mtls.spiffe;
}
