// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

/**
 * The version of a key, as its keytab says it.
 *
 * @param number 0 if the writer did not know it
 * @param lowBitsOnly whether the entry has room for the lowest eight bits only, as those of old
 *     writers have
 */
public record KeyVersion(long number, boolean lowBitsOnly) {
  private static final int LOW_BITS = 0xff;

  /**
   * A version that has been written whole.
   *
   * @param number 0 if the writer did not know it
   * @return the version
   */
  public static KeyVersion of(long number) {
    return new KeyVersion(number, false);
  }

  /**
   * A version of which the writer had room for eight bits.
   *
   * @param bits those
   * @return the version
   */
  public static KeyVersion ofLowBits(int bits) {
    return new KeyVersion(bits, true);
  }

  /**
   * Whether a ticket that names a version may be sealed with the key.
   *
   * @param version what the ticket names
   * @return whether this may be the same
   */
  public boolean mayBe(long version) {
    return number == 0 || number == (lowBitsOnly ? version & LOW_BITS : version);
  }
}
