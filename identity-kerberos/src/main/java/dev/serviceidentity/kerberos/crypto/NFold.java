// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.crypto;

/** The n-fold operation of RFC 3961 section 5.1. */
final class NFold {
  private NFold() {}

  /**
   * Folds text to a length: copies of it, each rotated right by 13 bits more than the one before,
   * are added in one's complement arithmetic.
   */
  static byte[] fold(byte[] text, int length) {
    int copies = length / gcd(text.length, length);
    byte[] sum = new byte[length];
    int carry = 0;
    for (int i = text.length * copies - 1; i >= 0; i--) {
      int total = (sum[i % length] & 0xff) + rotated(text, i) + carry;
      sum[i % length] = (byte) total;
      carry = total >>> 8;
    }
    for (int i = length - 1; carry != 0; i = (i + length - 1) % length) {
      int total = (sum[i] & 0xff) + carry;
      sum[i] = (byte) total;
      carry = total >>> 8;
    }
    return sum;
  }

  /** Byte i of all the rotated copies in a row. */
  private static int rotated(byte[] text, int i) {
    int bits = text.length * 8;
    int first = (i % text.length) * 8 - 13 * (i / text.length);
    int value = 0;
    for (int bit = 0; bit < 8; bit++) {
      int from = Math.floorMod(first + bit, bits);
      value = (value << 1) | ((text[from / 8] >>> (7 - from % 8)) & 1);
    }
    return value;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
