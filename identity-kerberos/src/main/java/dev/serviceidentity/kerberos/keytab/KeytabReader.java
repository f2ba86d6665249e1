// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the bytes of a keytab, strictly and within bounds: MIT's file format version 2 (0x0502, big
 * endian) and version 1 (0x0501, in the byte order of the machine that wrote it).
 *
 * @see <a href="https://web.mit.edu/kerberos/krb5-latest/doc/formats/keytab_file_format.html">MIT
 *     keytab file format</a>
 */
final class KeytabReader {
  private static final int VERSION_1 = 0x0501;
  private static final int VERSION_2 = 0x0502;
  private static final int MOST_ENTRIES = 10_000;
  private static final int MOST_COMPONENTS = 16;
  private static final int LONGEST_TEXT = 1024;
  private static final int LONGEST_KEY = 256;

  private final boolean first;
  private final ByteBuffer buffer;

  private KeytabReader(boolean first, ByteBuffer buffer) {
    this.first = first;
    this.buffer = buffer;
  }

  static List<KeytabEntry> read(byte[] bytes) throws MalformedKeytabException {
    if (bytes.length < 2) {
      throw new MalformedKeytabException("it is shorter than its two bytes of version");
    }
    int version = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    return switch (version) {
      case VERSION_2 -> entries(bytes, false, ByteOrder.BIG_ENDIAN);
      case VERSION_1 -> ofEitherOrder(bytes);
      default ->
          throw new MalformedKeytabException(
              String.format("it starts with %04x, and a keytab with 0502 or 0501", version));
    };
  }

  /** Version 1 does not say its order: the wrong one gives impossible lengths at once. */
  private static List<KeytabEntry> ofEitherOrder(byte[] bytes) throws MalformedKeytabException {
    try {
      return entries(bytes, true, ByteOrder.LITTLE_ENDIAN);
    } catch (MalformedKeytabException notLittle) {
      return entries(bytes, true, ByteOrder.BIG_ENDIAN);
    }
  }

  private static List<KeytabEntry> entries(byte[] bytes, boolean first, ByteOrder order)
      throws MalformedKeytabException {
    ByteBuffer file = ByteBuffer.wrap(bytes).position(2).slice().order(order);
    var entries = new ArrayList<KeytabEntry>();
    while (file.remaining() > 0) {
      int start = file.position() + 2;
      if (file.remaining() < 4) {
        throw new MalformedKeytabException("it is truncated at byte " + start);
      }
      int size = file.getInt();
      if (size == 0) {
        break; // The end, where space was allocated in advance.
      }
      // A negative size is a hole that a removed entry left behind.
      long extent = Math.abs((long) size);
      if (extent > file.remaining()) {
        throw new MalformedKeytabException(
            "it is truncated: the entry at byte " + start + " claims " + extent + " bytes");
      }
      if (size > 0) {
        if (entries.size() == MOST_ENTRIES) {
          throw new MalformedKeytabException("it has more than " + MOST_ENTRIES + " entries");
        }
        ByteBuffer content = file.slice(file.position(), size).order(order);
        entries.add(new KeytabReader(first, content).entry(start));
      }
      file.position(file.position() + (int) extent);
    }
    return entries;
  }

  private KeytabEntry entry(int start) throws MalformedKeytabException {
    try {
      PrincipalName principal = principal();
      Instant written = Instant.ofEpochSecond(buffer.getInt() & 0xffffffffL);
      KeyVersion version = KeyVersion.ofLowBits(buffer.get() & 0xff);
      int etype = buffer.getShort();
      byte[] key = counted(LONGEST_KEY, "key");
      if (buffer.remaining() >= 4) {
        long wide = buffer.getInt() & 0xffffffffL;
        // Zero stands there when the writer has left the space to fill; flags may follow.
        version = wide == 0 ? version : KeyVersion.of(wide);
      }
      requireKeyLength(etype, key.length);
      return new KeytabEntry(principal, written, version, etype, key);
    } catch (BufferUnderflowException tooShort) {
      throw new MalformedKeytabException("the entry at byte " + start + " ends within a field");
    } catch (MalformedKeytabException malformed) {
      throw new MalformedKeytabException(
          "the entry at byte " + start + " has " + malformed.getMessage());
    }
  }

  private PrincipalName principal() throws MalformedKeytabException {
    // Version 1 counts the realm as a component.
    int count = (buffer.getShort() & 0xffff) - (first ? 1 : 0);
    if (count < 1 || count > MOST_COMPONENTS) {
      throw new MalformedKeytabException(count + " components in its principal");
    }
    String realm = text("realm");
    var components = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      components.add(text("component"));
    }
    if (!first) {
      buffer.getInt(); // The name-type: a hint (RFC 4120 section 6.2).
    }
    return new PrincipalName(components, realm);
  }

  /** A byte is a character, as in the names of tickets: so they match, whatever their charset. */
  private String text(String what) throws MalformedKeytabException {
    return new String(counted(LONGEST_TEXT, what), StandardCharsets.ISO_8859_1);
  }

  private byte[] counted(int longest, String what) throws MalformedKeytabException {
    int length = buffer.getShort() & 0xffff;
    if (length == 0 || length > longest) {
      throw new MalformedKeytabException("a " + what + " of " + length + " bytes");
    }
    byte[] content = new byte[Math.min(length, buffer.remaining())];
    buffer.get(content);
    if (content.length < length) {
      throw new MalformedKeytabException("a " + what + " longer than the entry");
    }
    return content;
  }

  private static void requireKeyLength(int etype, int length) throws MalformedKeytabException {
    var type = KeyType.of(etype);
    if (type.isPresent() && type.get().keyLength() != length) {
      throw new MalformedKeytabException("a key of " + length + " bytes for " + type.get());
    }
  }
}
