// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.security.MessageDigest;
import java.time.Instant;

/** One key of a keytab. Holds a secret, and so is no record and shows it nowhere. */
public final class KeytabEntry {
  private final PrincipalName principal;
  private final Instant written;
  private final KeyVersion version;
  private final int etype;
  private final byte[] key;

  /**
   * A key.
   *
   * @param principal whose it is
   * @param written when it was put into the keytab
   * @param version its version, as far as the writer knew it
   * @param etype the number of its encryption type, whether strong, weak or unknown
   * @param key the secret, which is copied
   */
  public KeytabEntry(
      PrincipalName principal, Instant written, KeyVersion version, int etype, byte[] key) {
    this.principal = principal;
    this.written = written;
    this.version = version;
    this.etype = etype;
    this.key = key.clone();
  }

  /**
   * Whose it is.
   *
   * @return the principal, as the keytab names it
   */
  public PrincipalName principal() {
    return principal;
  }

  /**
   * When the key was put into the keytab.
   *
   * @return the time, by the writer's clock
   */
  public Instant written() {
    return written;
  }

  /**
   * The key's version.
   *
   * @return the version, as far as the writer knew it
   */
  public KeyVersion version() {
    return version;
  }

  /**
   * The number of the version.
   *
   * @return 0 if the writer did not know it
   */
  public long kvno() {
    return version.number();
  }

  /**
   * The number of the encryption type (RFC 3961 section 8).
   *
   * @return the number, whether strong, weak or unknown
   */
  public int etype() {
    return etype;
  }

  /**
   * The secret.
   *
   * @return a copy
   */
  public byte[] key() {
    return key.clone();
  }

  /**
   * Whether another one is the same key, written by the same hand.
   *
   * @param other an entry of the same or another reading
   * @return whether nothing differs; takes the same time wherever the secrets do
   */
  public boolean isAs(KeytabEntry other) {
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
