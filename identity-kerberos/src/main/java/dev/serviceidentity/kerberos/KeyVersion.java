// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

/**
 * The version of a key, as its keytab says it.
 *
 * @param number 0 if the writer did not know it
 * @param lowBitsOnly whether the entry has room for the lowest eight bits only, as those of old
 *     writers have
 */
record KeyVersion(long number, boolean lowBitsOnly) {
  private static final int LOW_BITS = 0xff;

  static KeyVersion of(long number) {
    return new KeyVersion(number, false);
  }

  static KeyVersion ofLowBits(int bits) {
    return new KeyVersion(bits, true);
  }

  /** Whether a ticket that names this version may be sealed with the key. */
  boolean mayBe(long version) {
    return number == 0 || number == (lowBitsOnly ? version & LOW_BITS : version);
  }
}
