// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

/** What a key is used for, which is part of the derivation of the keys that do the work. */
public enum KeyUsage {
  /** The encrypted timestamp that proves a client's key to the KDC (RFC 4120 section 7.5.1). */
  AS_REQUEST_TIMESTAMP(1),
  /** The enc-part of a ticket (RFC 4120 section 7.5.1). */
  TICKET(2),
  /** The enc-part of an AS-REP, under the client's key (RFC 4120 section 7.5.1). */
  AS_REPLY(3),
  /** The checksum over the body of a TGS-REQ (RFC 4120 section 7.5.1). */
  TGS_REQUEST_CHECKSUM(6),
  /** The authenticator of a TGS-REQ (RFC 4120 section 7.5.1). */
  TGS_REQUEST_AUTHENTICATOR(7),
  /** The enc-part of a TGS-REP, under the session key (RFC 4120 section 7.5.1). */
  TGS_REPLY(8),
  /** The enc-part of a TGS-REP, under the authenticator's subkey (RFC 4120 section 7.5.1). */
  TGS_REPLY_SUBKEY(9),
  /** The authenticator of an AP-REQ (RFC 4120 section 7.5.1). */
  AUTHENTICATOR(11),
  /** The enc-part of an AP-REP (RFC 4120 section 7.5.1). */
  AP_REPLY(12),
  /** A MIC of the acceptor (RFC 4121 section 2). */
  ACCEPTOR_SIGN(23),
  /** A MIC of the initiator (RFC 4121 section 2). */
  INITIATOR_SIGN(25);

  private final int number;

  KeyUsage(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
