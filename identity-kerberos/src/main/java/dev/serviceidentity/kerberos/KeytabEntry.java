// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.security.MessageDigest;
import java.time.Instant;

/** One key of a keytab. Holds a secret, and so is no record and shows it nowhere. */
final class KeytabEntry {
  private final PrincipalName principal;
  private final Instant written;
  private final KeyVersion version;
  private final int etype;
  private final byte[] key;

  KeytabEntry(PrincipalName principal, Instant written, KeyVersion version, int etype, byte[] key) {
    this.principal = principal;
    this.written = written;
    this.version = version;
    this.etype = etype;
    this.key = key.clone();
  }

  PrincipalName principal() {
    return principal;
  }

  /** When the key was put into the keytab. */
  Instant written() {
    return written;
  }

  /** The key's version, as far as the writer knew it. */
  KeyVersion version() {
    return version;
  }

  /** The number of the version, 0 if the writer did not know it. */
  long kvno() {
    return version.number();
  }

  /** The number of the encryption type, whether strong, weak or unknown. */
  int etype() {
    return etype;
  }

  /** A copy of the secret. */
  byte[] key() {
    return key.clone();
  }

  /** Whether another one is the same key, written by the same hand. */
  boolean isAs(KeytabEntry other) {
    return principal.equals(other.principal)
        && written.equals(other.written)
        && version.equals(other.version)
        && etype == other.etype
        && MessageDigest.isEqual(key, other.key);
  }

  /** Returns what klist shows, without the key. */
  @Override
  public String toString() {
    return principal + " kvno " + kvno() + " " + KeyType.describe(etype);
  }
}
