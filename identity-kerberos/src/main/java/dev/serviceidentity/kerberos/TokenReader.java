// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static dev.serviceidentity.kerberos.RefusedTokenException.malformed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the DER of tokens (X.690 section 10) and nothing laxer: definite minimal lengths within
 * what encloses them, tags of one byte, each field where the grammar has it. Two readers of one
 * token can then not disagree about it, and what was checked here is what the JDK sees. What is
 * wrong refuses the token, and says which field.
 *
 * <p>Every method works on what is left to read and never copies more than it returns.
 */
final class TokenReader {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OID = 0x06;
  static final int GENERAL_STRING = 0x1b;
  static final int SEQUENCE = 0x30;

  private static final int LONG_FORM = 0x80;
  private static final int MOST_LENGTH_BYTES = 4;

  private final byte[] bytes;
  private final int limit;
  private int position;

  TokenReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private TokenReader(byte[] bytes, int position, int limit) {
    this.bytes = bytes;
    this.position = position;
    this.limit = limit;
  }

  static int context(int number) {
    return 0xa0 | number;
  }

  static int application(int number) {
    return 0x60 | number;
  }

  boolean hasMore() {
    return position < limit;
  }

  boolean nextIs(int tag) {
    return position < limit && (bytes[position] & 0xff) == tag;
  }

  /** Enters the next value, which must have that tag, and stands behind it afterwards. */
  TokenReader enter(int tag, String what) throws RefusedTokenException {
    if (!nextIs(tag)) {
      throw malformed(what + " is missing or out of order");
    }
    position++;
    int length = length(what);
    var inside = new TokenReader(bytes, position, position + length);
    position += length;
    return inside;
  }

  /** Enters {@code [number] EXPLICIT tag} and demands that nothing stands beside the value. */
  TokenReader field(int number, int tag, String what) throws RefusedTokenException {
    TokenReader wrapper = enter(context(number), what);
    TokenReader value = wrapper.enter(tag, what);
    wrapper.end(what);
    return value;
  }

  void end(String what) throws RefusedTokenException {
    if (hasMore()) {
      throw malformed((limit - position) + " bytes too many in or after " + what);
    }
  }

  /** All that is left. */
  byte[] rest() {
    byte[] copy = Arrays.copyOfRange(bytes, position, limit);
    position = limit;
    return copy;
  }

  /** The content of a PrintableString, GeneralString and the like, byte by byte. */
  String text() {
    return new String(rest(), StandardCharsets.ISO_8859_1);
  }

  /** The content of an INTEGER that fits Int32 or UInt32 (RFC 4120 section 5.2.4). */
  long integer(String what) throws RefusedTokenException {
    byte[] content = rest();
    if (content.length == 0 || content.length > 5 || isPadded(content)) {
      throw malformed(what + " is not a minimal integer of 32 bits");
    }
    long value = content[0];
    for (int i = 1; i < content.length; i++) {
      value = (value << 8) | (content[i] & 0xff);
    }
    if (value < Integer.MIN_VALUE || value > 0xffffffffL) {
      throw malformed(what + " is not an integer of 32 bits");
    }
    return value;
  }

  /** The content of a BIT STRING of exactly 32 bits, as KerberosFlags are (RFC 4120 5.2.8). */
  int flags(String what) throws RefusedTokenException {
    byte[] content = rest();
    if (content.length != 5 || content[0] != 0) {
      throw malformed(what + " is not 32 flags");
    }
    int value = 0;
    for (int i = 1; i < content.length; i++) {
      value = (value << 8) | (content[i] & 0xff);
    }
    return value;
  }

  private static boolean isPadded(byte[] content) {
    return content.length > 1
        && ((content[0] == 0 && content[1] >= 0) || (content[0] == -1 && content[1] < 0));
  }

  private int length(String what) throws RefusedTokenException {
    int first = next(what);
    int length = first < LONG_FORM ? first : longLength(first - LONG_FORM, what);
    if (length > limit - position) {
      throw malformed(what + " is longer than what encloses it");
    }
    return length;
  }

  private int longLength(int count, String what) throws RefusedTokenException {
    if (count == 0 || count > MOST_LENGTH_BYTES) {
      throw malformed(what + " has an indefinite or oversized length");
    }
    long length = 0;
    for (int i = 0; i < count; i++) {
      length = (length << 8) | next(what);
    }
    boolean minimal = length >= LONG_FORM && (length >>> (8 * (count - 1))) != 0;
    if (!minimal || length > Integer.MAX_VALUE) {
      throw malformed(what + " has a length that is not minimal or too large");
    }
    return (int) length;
  }

  private int next(String what) throws RefusedTokenException {
    if (position >= limit) {
      throw malformed(what + " is cut off");
    }
    return bytes[position++] & 0xff;
  }
}
