// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import java.util.Arrays;

/**
 * Writes DER from its end to its beginning, so that each length is known when it is written and
 * nothing is copied: what comes last is written first, and a value is closed by its tag.
 */
public final class TokenWriter {
  private byte[] bytes;
  private int start;

  /**
   * An empty message.
   *
   * @param expected how many bytes it will have; it grows beyond
   */
  public TokenWriter(int expected) {
    this.bytes = new byte[expected];
    this.start = expected;
  }

  /**
   * How much has been written, for {@link #wrap}.
   *
   * @return in bytes
   */
  public int size() {
    return bytes.length - start;
  }

  /**
   * Puts bytes before what was written.
   *
   * @param content copied
   * @return this writer
   */
  public TokenWriter raw(byte[] content) {
    makeRoom(content.length);
    start -= content.length;
    System.arraycopy(content, 0, bytes, start, content.length);
    return this;
  }

  /**
   * Makes one value of all that was written since.
   *
   * @param tag the tag
   * @param since what {@link #size} said then
   * @return this writer
   */
  public TokenWriter wrap(int tag, int since) {
    int length = size() - since;
    makeRoom(6);
    if (length < 0x80) {
      bytes[--start] = (byte) length;
    } else {
      int count = 0;
      for (int rest = length; rest != 0; rest >>>= 8) {
        bytes[--start] = (byte) rest;
        count++;
      }
      bytes[--start] = (byte) (0x80 | count);
    }
    bytes[--start] = (byte) tag;
    return this;
  }

  /**
   * Puts a value before what was written.
   *
   * @param tag the tag
   * @param content copied
   * @return this writer
   */
  public TokenWriter value(int tag, byte[] content) {
    int since = size();
    return raw(content).wrap(tag, since);
  }

  /**
   * {@code [number] EXPLICIT tag}.
   *
   * @param number of the field
   * @param tag the tag within
   * @param content copied
   * @return this writer
   */
  public TokenWriter field(int number, int tag, byte[] content) {
    int since = size();
    return raw(content).wrap(tag, since).wrap(TokenReader.context(number), since);
  }

  /**
   * {@code [number] INTEGER}.
   *
   * @param number of the field
   * @param content not negative
   * @return this writer
   */
  public TokenWriter integer(int number, long content) {
    int since = size();
    makeRoom(9);
    long rest = content;
    do {
      bytes[--start] = (byte) rest;
      rest >>>= 8;
    } while (rest != 0);
    if (bytes[start] < 0) {
      bytes[--start] = 0;
    }
    return wrap(TokenReader.INTEGER, since).wrap(TokenReader.context(number), since);
  }

  /**
   * What was written.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }

  private void makeRoom(int more) {
    if (start < more) {
      int written = size();
      byte[] larger = new byte[bytes.length + Math.max(more, bytes.length)];
      System.arraycopy(bytes, start, larger, larger.length - written, written);
      start = larger.length - written;
      bytes = larger;
    }
  }
}
