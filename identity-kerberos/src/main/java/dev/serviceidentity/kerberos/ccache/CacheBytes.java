// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ccache;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;

/** The fields that a credential cache is made of, in big endian. */
final class CacheBytes {
  private static final int MOST_COMPONENTS = 16;
  private static final int LONGEST_TEXT = 1024;

  private final ByteBuffer buffer;

  CacheBytes(byte[] bytes) {
    this.buffer = ByteBuffer.wrap(bytes);
  }

  boolean hasMore() {
    return buffer.hasRemaining();
  }

  /** Where the next field begins, counted from zero. */
  int position() {
    return buffer.position();
  }

  int unsigned8() throws MalformedCacheException {
    return need(1).get() & 0xff;
  }

  int unsigned16() throws MalformedCacheException {
    return need(2).getShort() & 0xffff;
  }

  int signed32() throws MalformedCacheException {
    return need(4).getInt();
  }

  /** Seconds without a sign, as MIT's library counts them since its release 1.16. */
  Instant time() throws MalformedCacheException {
    return Instant.ofEpochSecond(signed32() & 0xffffffffL);
  }

  /** A length of four bytes and as many bytes. */
  byte[] data(String what) throws MalformedCacheException {
    long length = signed32() & 0xffffffffL;
    if (length > buffer.remaining()) {
      throw new MalformedCacheException(
          "is cut short: a " + what + " of " + length + " bytes at byte " + position());
    }
    byte[] content = new byte[(int) length];
    buffer.get(content);
    return content;
  }

  void skip(int length) throws MalformedCacheException {
    need(length).position(buffer.position() + length);
  }

  /** Passes over a list of types and data: addresses, or authorization data. */
  void skipTyped(String what) throws MalformedCacheException {
    for (long left = signed32() & 0xffffffffL; left > 0; left--) {
      unsigned16();
      data(what);
    }
  }

  PrincipalName principal() throws MalformedCacheException {
    signed32(); // The name-type: a hint (RFC 4120 section 6.2).
    long count = signed32() & 0xffffffffL;
    if (count < 1 || count > MOST_COMPONENTS) {
      throw new MalformedCacheException(
          "has a principal of " + count + " components at byte " + position());
    }
    String realm = text("realm");
    var components = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      components.add(text("component"));
    }
    return new PrincipalName(components, realm);
  }

  private String text(String what) throws MalformedCacheException {
    int at = position();
    byte[] bytes = data(what);
    if (bytes.length == 0 || bytes.length > LONGEST_TEXT) {
      throw new MalformedCacheException(
          "has a " + what + " of " + bytes.length + " bytes at byte " + at);
    }
    // As on the wire and in keytabs: each byte as it is, so that a name stays the same name.
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private ByteBuffer need(int length) throws MalformedCacheException {
    if (length > buffer.remaining()) {
      throw new MalformedCacheException("is cut short at byte " + buffer.limit());
    }
    return buffer;
  }
}
