// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.time.Instant;
import java.util.HexFormat;

/**
 * What tells one authenticator from all others: nothing in it can be changed by somebody who does
 * not have its key. Immutable and thread-safe.
 */
public final class SeenAuthenticator {
  private static final int WORD = Long.BYTES;
  private static final int MICROS = 1_000_000;

  private final String service;
  private final String client;
  private final boolean ofOtherRealm;
  private final byte[] tag;
  private final long sentMicros;

  /**
   * An authenticator that has been verified.
   *
   * @param service what stands for the key that opened the ticket, whatever the name it goes by
   * @param client the client's principal, as the KDC wrote it into the ticket
   * @param ofOtherRealm whether that is of another realm than the service
   * @param tag the MAC of the authenticator's ciphertext; copied
   * @param sentMicros when the client sent it, in microseconds since 1970
   */
  public SeenAuthenticator(
      String service, String client, boolean ofOtherRealm, byte[] tag, long sentMicros) {
    this.service = service;
    this.client = client;
    this.ofOtherRealm = ofOtherRealm;
    this.tag = tag.clone();
    this.sentMicros = sentMicros;
  }

  /**
   * What stands for the service's key that opened the ticket: made of the key by its pseudo-random
   * function (RFC 3961 section 3), and so the same on all replicas and for all names of one key.
   * The key cannot be computed from it.
   *
   * @return its text
   */
  public String service() {
    return service;
  }

  /**
   * The client, as the KDC wrote it into the ticket.
   *
   * @return its text
   */
  public String client() {
    return client;
  }

  /**
   * Whether the client is of another realm than the service. Who runs that realm makes as many
   * clients as he likes, and should not be able to fill the store with them.
   *
   * @return false for the clients of the own realm
   */
  public boolean isOfOtherRealm() {
    return ofOtherRealm;
  }

  /**
   * The MAC of the authenticator's ciphertext. With the service it is the key to remember by.
   *
   * @return a copy of 12 to 24 bytes
   */
  public byte[] tag() {
    return tag.clone();
  }

  /**
   * When the client sent it.
   *
   * @return to the microsecond
   */
  public Instant sentAt() {
    return Instant.ofEpochSecond(
        Math.floorDiv(sentMicros, MICROS), Math.floorMod(sentMicros, MICROS) * 1000L);
  }

  long sentSeconds() {
    return Math.floorDiv(sentMicros, MICROS);
  }

  /** The first or second eight bytes of the MAC; shorter ones are filled up with zeros. */
  long tagWord(int index) {
    long word = 0;
    int start = index * WORD;
    for (int i = 0; i < WORD; i++) {
      int octet = start + i < tag.length ? tag[start + i] & 0xff : 0;
      word = (word << Byte.SIZE) | octet;
    }
    return word;
  }

  /** Returns the client, the time, the MAC and what stands for the key: none of it is a secret. */
  @Override
  public String toString() {
    return client + " to " + service + " at " + sentAt() + " with " + HexFormat.of().formatHex(tag);
  }
}
