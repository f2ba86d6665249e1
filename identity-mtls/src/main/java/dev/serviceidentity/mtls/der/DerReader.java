// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.der;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads DER (X.690) strictly and in place: definite lengths in their shortest form, one-byte tags,
 * nothing beyond the given bytes. Reads as little as this module needs; certificates themselves are
 * parsed by the JDK.
 */
public final class DerReader {
  public static final int BOOLEAN = 0x01;
  public static final int BIT_STRING = 0x03;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int OCTET_STRING = 0x04;
  public static final int INTEGER = 0x02;
  public static final int SEQUENCE = 0x30;

  private static final int LONG_FORM = 0x80;
  private static final int MOST_LENGTH_BYTES = 3;

  private final byte[] bytes;
  private final int end;
  private int at;

  public DerReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private DerReader(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  public boolean hasMore() {
    return at < end;
  }

  /** The tag of the next element, which stays the next. */
  public int tag() throws MalformedDerException {
    if (!hasMore()) {
      throw new MalformedDerException("an element is missing");
    }
    int tag = bytes[at] & 0xff;
    if ((tag & 0x1f) == 0x1f) {
      throw new MalformedDerException("a tag has several bytes");
    }
    return tag;
  }

  /** A reader of the next element's content. */
  public DerReader enter(int tag) throws MalformedDerException {
    if (tag() != tag) {
      throw new MalformedDerException(
          String.format("tag 0x%02x is where 0x%02x belongs", tag(), tag));
    }
    at++;
    int length = length();
    if (length > end - at) {
      throw new MalformedDerException("an element is longer than what holds it");
    }
    int start = at;
    at += length;
    return new DerReader(bytes, start, at);
  }

  public byte[] content(int tag) throws MalformedDerException {
    DerReader inner = enter(tag);
    return Arrays.copyOfRange(bytes, inner.at, inner.end);
  }

  /** The whole element, its tag and length too. */
  public byte[] element(int tag) throws MalformedDerException {
    int start = at;
    enter(tag);
    return Arrays.copyOfRange(bytes, start, at);
  }

  /** One character for each byte, so that nothing is lost or replaced. */
  public String text(int tag) throws MalformedDerException {
    return new String(content(tag), ISO_8859_1);
  }

  public String hex(int tag) throws MalformedDerException {
    return HexFormat.of().formatHex(content(tag));
  }

  public void skip() throws MalformedDerException {
    enter(tag());
  }

  public void end() throws MalformedDerException {
    if (hasMore()) {
      throw new MalformedDerException((end - at) + " bytes follow the last element");
    }
  }

  private int length() throws MalformedDerException {
    int first = lengthByte();
    if (first < LONG_FORM) {
      return first;
    }
    int count = first - LONG_FORM;
    if (count == 0 || count > MOST_LENGTH_BYTES) {
      throw new MalformedDerException("a length is indefinite or too long");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = (length << 8) | lengthByte();
    }
    if (length < LONG_FORM || length >> (8 * (count - 1)) == 0) {
      throw new MalformedDerException("a length is not in its shortest form");
    }
    return length;
  }

  private int lengthByte() throws MalformedDerException {
    if (!hasMore()) {
      throw new MalformedDerException("a length is cut off");
    }
    return bytes[at++] & 0xff;
  }
}
