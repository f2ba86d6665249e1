// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

/** Which end of a connection a certificate speaks for. */
enum PeerRole {
  CLIENT("1.3.6.1.5.5.7.3.2"),
  SERVER("1.3.6.1.5.5.7.3.1");

  private final String keyPurpose;

  PeerRole(String keyPurpose) {
    this.keyPurpose = keyPurpose;
  }

  /** The extended key usage of this end (RFC 5280 section 4.2.1.12). */
  String keyPurpose() {
    return keyPurpose;
  }
}
