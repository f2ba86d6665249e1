// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A stretch of an array that nobody writes to: a field of a token, where the token has it. */
public final class Octets {
  private final byte[] array;
  private final int offset;
  private final int length;

  /**
   * A stretch.
   *
   * @param array not copied, and not to be written to any more
   * @param offset where it begins
   * @param length how long it is
   */
  public Octets(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /**
   * All of an array.
   *
   * @param whole not copied, and not to be written to any more
   * @return the stretch
   */
  public static Octets of(byte[] whole) {
    return new Octets(whole, 0, whole.length);
  }

  /**
   * What it is a stretch of.
   *
   * @return the array itself
   */
  public byte[] array() {
    return array;
  }

  /**
   * Where it begins.
   *
   * @return an index of the array
   */
  public int offset() {
    return offset;
  }

  /**
   * How long it is.
   *
   * @return in bytes
   */
  public int length() {
    return length;
  }

  /**
   * Where it ends.
   *
   * @return the index after its last byte
   */
  public int end() {
    return offset + length;
  }

  /**
   * One byte, unsigned.
   *
   * @param index from 0
   * @return 0 to 255
   */
  public int at(int index) {
    return array[offset + index] & 0xff;
  }

  /**
   * Four bytes, the least significant first, as the GSS-API writes numbers.
   *
   * @param index of the first
   * @return the number
   */
  public int littleEndian(int index) {
    return at(index) | at(index + 1) << 8 | at(index + 2) << 16 | at(index + 3) << 24;
  }

  /**
   * What is left of it.
   *
   * @param start how much to leave out
   * @return of the same array
   */
  public Octets from(int start) {
    return new Octets(array, offset + start, length - start);
  }

  /**
   * The bytes.
   *
   * @return a copy
   */
  public byte[] copy() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /**
   * Whether it begins with those bytes.
   *
   * @param start the bytes
   * @return true if it does
   */
  public boolean startsWith(byte[] start) {
    return length >= start.length
        && Arrays.equals(array, offset, offset + start.length, start, 0, start.length);
  }

  /**
   * Whether it is those bytes.
   *
   * @param other the bytes
   * @return true if it is
   */
  public boolean isSameAs(byte[] other) {
    return length == other.length && startsWith(other);
  }

  /**
   * Whether it holds the same bytes.
   *
   * @param other another stretch
   * @return true if it does
   */
  public boolean isSameAs(Octets other) {
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
