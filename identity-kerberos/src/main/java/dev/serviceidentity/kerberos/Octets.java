// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A stretch of an array that nobody writes to: a field of a token, where the token has it. */
final class Octets {
  private final byte[] array;
  private final int offset;
  private final int length;

  Octets(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  static Octets of(byte[] whole) {
    return new Octets(whole, 0, whole.length);
  }

  byte[] array() {
    return array;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  int end() {
    return offset + length;
  }

  /** One byte, unsigned. */
  int at(int index) {
    return array[offset + index] & 0xff;
  }

  /** Four bytes, the least significant first, as the GSS-API writes numbers. */
  int littleEndian(int index) {
    return at(index) | at(index + 1) << 8 | at(index + 2) << 16 | at(index + 3) << 24;
  }

  Octets from(int start) {
    return new Octets(array, offset + start, length - start);
  }

  byte[] copy() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  boolean startsWith(byte[] start) {
    return length >= start.length
        && Arrays.equals(array, offset, offset + start.length, start, 0, start.length);
  }

  boolean isSameAs(byte[] other) {
    return length == other.length && startsWith(other);
  }

  boolean isSameAs(Octets other) {
    return Arrays.equals(array, offset, end(), other.array, other.offset, other.end());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Octets that && isSameAs(that);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(array, offset, length).hashCode();
  }

  /** Returns the length; what is in it may be a secret. */
  @Override
  public String toString() {
    return "Octets[" + length + "]";
  }
}
