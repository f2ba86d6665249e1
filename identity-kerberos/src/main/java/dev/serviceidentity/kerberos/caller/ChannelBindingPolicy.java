// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.caller;

/**
 * What is demanded of a token's channel bindings (RFC 5056), which tie it to the TLS connection
 * that it was made for. Kerberos carries the bindings of type {@code tls-server-end-point} (RFC
 * 5929).
 */
public enum ChannelBindingPolicy {
  /** They are not looked at. */
  OFF,
  /**
   * A token that has them must have those of this connection, where the evidence tells which these
   * are. Nothing is demanded of a token without.
   */
  IF_PRESENT,
  /**
   * Every token must have those of this connection. With a certificate of its own for each replica,
   * a token can then not be sent again to another replica.
   */
  REQUIRE
}
