// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

/** Which end of a connection a certificate speaks for. */
enum PeerRole {
  CLIENT("2b06010505070302"),
  SERVER("2b06010505070301");

  private final String keyPurpose;

  PeerRole(String keyPurpose) {
    this.keyPurpose = keyPurpose;
  }

  /** The encoded extended key usage of this end, id-kp-... (RFC 5280 section 4.2.1.12). */
  String keyPurpose() {
    return keyPurpose;
  }
}
