// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import java.nio.charset.StandardCharsets;

/**
 * Reads the DER of tokens (X.690 section 10) and nothing laxer: definite minimal lengths within
 * what encloses them, tags of one byte, each field where the grammar has it. Two readers of one
 * token can then not disagree about it. What is wrong refuses the token, and says which field.
 *
 * <p>One cursor walks the whole token, so that reading allocates nothing:
 *
 * <pre>{@code
 * int outer = in.enter(TokenReader.SEQUENCE, "the list");
 * long first = in.integer("the first");
 * in.leave(outer, "the list"); // nothing may be left in it
 * }</pre>
 */
public final class TokenReader {
  /** Tag of a number. */
  public static final int INTEGER = 0x02;

  /** Tag of flags. */
  public static final int BIT_STRING = 0x03;

  /** Tag of bytes. */
  public static final int OCTET_STRING = 0x04;

  /** Tag of an object identifier. */
  public static final int OID = 0x06;

  /** Tag of a choice. */
  public static final int ENUMERATED = 0x0a;

  /** Tag of a time. */
  public static final int GENERALIZED_TIME = 0x18;

  /** Tag of a text. */
  public static final int GENERAL_STRING = 0x1b;

  /** Tag of a sequence. */
  public static final int SEQUENCE = 0x30;

  private static final int LONG_FORM = 0x80;
  private static final int MOST_LENGTH_BYTES = 4;

  private final byte[] bytes;
  private int limit;
  private int position;

  /**
   * Reads all of an array.
   *
   * @param bytes not copied
   */
  public TokenReader(byte[] bytes) {
    this(Octets.of(bytes));
  }

  /**
   * Reads a stretch of an array.
   *
   * @param octets the stretch
   */
  public TokenReader(Octets octets) {
    this.bytes = octets.array();
    this.position = octets.offset();
    this.limit = octets.end();
  }

  /**
   * The tag of a field.
   *
   * @param number of the field
   * @return the tag of a constructed value
   */
  public static int context(int number) {
    return 0xa0 | number;
  }

  /**
   * The tag of a message.
   *
   * @param number of its type
   * @return the tag of a constructed value
   */
  public static int application(int number) {
    return 0x60 | number;
  }

  /**
   * Whether anything is left where the cursor is.
   *
   * @return false at the end of what encloses it
   */
  public boolean hasMore() {
    return position < limit;
  }

  /**
   * Whether a value of that tag comes next.
   *
   * @param tag the tag
   * @return false at the end, too
   */
  public boolean nextIs(int tag) {
    return position < limit && (bytes[position] & 0xff) == tag;
  }

  /**
   * Enters the next value, which must have that tag.
   *
   * @param tag the tag
   * @param what how a message calls the value
   * @return where what encloses it ends, for {@link #leave}
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public int enter(int tag, String what) throws RefusedTokenException {
    if (!nextIs(tag)) {
      throw malformed(what + " is missing or out of order");
    }
    position++;
    int length = length(what);
    int outer = limit;
    limit = position + length;
    return outer;
  }

  /**
   * Enters {@code [number] EXPLICIT tag} and demands that nothing stands beside the value.
   *
   * @param number of the field
   * @param tag the tag within
   * @param what how a message calls the value
   * @return where what encloses it ends, for {@link #leave}
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public int enterField(int number, int tag, String what) throws RefusedTokenException {
    int outer = enter(context(number), what);
    int wrapper = enter(tag, what);
    if (limit != wrapper) {
      throw malformed((wrapper - limit) + " bytes too many in or after " + what);
    }
    return outer;
  }

  /**
   * Leaves a value, of which nothing may be left unread.
   *
   * @param outer what {@link #enter} has returned
   * @param what how a message calls the value
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public void leave(int outer, String what) throws RefusedTokenException {
    end(what);
    limit = outer;
  }

  /**
   * Demands that nothing is left.
   *
   * @param what how a message calls the value
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public void end(String what) throws RefusedTokenException {
    if (hasMore()) {
      throw malformed((limit - position) + " bytes too many in or after " + what);
    }
  }

  /**
   * What is left, which stays to be read.
   *
   * @return all of it
   */
  public Octets ahead() {
    return new Octets(bytes, position, limit - position);
  }

  /**
   * Passes over all that is left.
   *
   * @return what was left
   */
  public Octets rest() {
    Octets rest = ahead();
    position = limit;
    return rest;
  }

  /**
   * The content of the next value, which must have that tag.
   *
   * @param tag the tag
   * @param what how a message calls the value
   * @return where the message has it
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public Octets value(int tag, String what) throws RefusedTokenException {
    int outer = enter(tag, what);
    Octets content = rest();
    limit = outer;
    return content;
  }

  /**
   * The content of {@code [number] EXPLICIT tag}.
   *
   * @param number of the field
   * @param tag the tag within
   * @param what how a message calls the value
   * @return where the message has it
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public Octets field(int number, int tag, String what) throws RefusedTokenException {
    int outer = enterField(number, tag, what);
    Octets content = rest();
    limit = outer;
    return content;
  }

  /**
   * Passes over the next value.
   *
   * @param tag the tag that it must have
   * @param what how a message calls the value
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public void skip(int tag, String what) throws RefusedTokenException {
    int outer = enter(tag, what);
    position = limit;
    limit = outer;
  }

  /**
   * Passes over {@code [number] EXPLICIT tag}.
   *
   * @param number of the field
   * @param tag the tag within
   * @param what how a message calls the value
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public void skip(int number, int tag, String what) throws RefusedTokenException {
    int outer = enterField(number, tag, what);
    position = limit;
    limit = outer;
  }

  /**
   * The next value as the text of a GeneralString, byte by byte.
   *
   * @param what how a message calls the value
   * @return of characters up to U+00FF
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public String text(String what) throws RefusedTokenException {
    int outer = enter(GENERAL_STRING, what);
    var text = new String(bytes, position, limit - position, StandardCharsets.ISO_8859_1);
    position = limit;
    limit = outer;
    return text;
  }

  /**
   * The content of {@code [number] INTEGER} that fits Int32 or UInt32 (RFC 4120 5.2.4).
   *
   * @param number of the field
   * @param what how a message calls the value
   * @return the number
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public long integer(int number, String what) throws RefusedTokenException {
    int outer = enterField(number, INTEGER, what);
    int length = limit - position;
    if (length == 0 || length > 5 || isPadded(length)) {
      throw malformed(what + " is not a minimal integer of 32 bits");
    }
    long value = bytes[position++];
    while (position < limit) {
      value = (value << 8) | (bytes[position++] & 0xff);
    }
    if (value < Integer.MIN_VALUE || value > 0xffffffffL) {
      throw malformed(what + " is not an integer of 32 bits");
    }
    limit = outer;
    return value;
  }

  /**
   * The content of {@code [number] INTEGER} that fits Int32.
   *
   * @param number of the field
   * @param what how a message calls the value
   * @return the number
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public int int32(int number, String what) throws RefusedTokenException {
    long value = integer(number, what);
    if (value != (int) value) {
      throw malformed(what + " is not an Int32");
    }
    return (int) value;
  }

  /**
   * {@code [number] BIT STRING} of exactly 32 bits, as KerberosFlags are (RFC 4120 5.2.8).
   *
   * @param number of the field
   * @param what how a message calls the value
   * @return the first of them as the most significant bit
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public int flags(int number, String what) throws RefusedTokenException {
    int outer = enterField(number, BIT_STRING, what);
    if (limit - position != 5 || bytes[position++] != 0) {
      throw malformed(what + " is not 32 flags");
    }
    int value = 0;
    while (position < limit) {
      value = (value << 8) | (bytes[position++] & 0xff);
    }
    limit = outer;
    return value;
  }

  /**
   * {@code [number] KerberosTime}.
   *
   * @param number of the field
   * @param what how a message calls the value
   * @return in seconds since 1970
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public long time(int number, String what) throws RefusedTokenException {
    return KerberosTime.seconds(field(number, GENERALIZED_TIME, what), what);
  }

  private boolean isPadded(int length) {
    return length > 1
        && ((bytes[position] == 0 && bytes[position + 1] >= 0)
            || (bytes[position] == -1 && bytes[position + 1] < 0));
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
