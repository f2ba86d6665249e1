// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A SEQUENCE of numbered fields that a test fills, and spoils, as it likes. */
public final class ForgedMessage {
  private record Field(int number, byte[] der) {}

  private final List<Field> fields = new ArrayList<>();

  /** Puts a field where its number belongs, or in the place of the one that is there. */
  public ForgedMessage set(int number, byte[] der) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).number >= number) {
        var field = new Field(number, der);
        if (fields.get(i).number == number) {
          fields.set(i, field);
        } else {
          fields.add(i, field);
        }
        return this;
      }
    }
    fields.add(new Field(number, der));
    return this;
  }

  public ForgedMessage without(int number) {
    fields.removeIf(field -> field.number == number);
    return this;
  }

  /** The field stands there two times. */
  ForgedMessage twice(int number) {
    int index = indexOf(number);
    fields.add(index, fields.get(index));
    return this;
  }

  /** The field stands behind all others. */
  ForgedMessage last(int number) {
    fields.add(fields.remove(indexOf(number)));
    return this;
  }

  public byte[] der() {
    return Der.tlv(
        0x30,
        fields.stream()
            .map(field -> Der.tlv(0xa0 | field.number, field.der))
            .toArray(byte[][]::new));
  }

  private int indexOf(int number) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).number == number) {
        return i;
      }
    }
    throw new IllegalArgumentException("There is no field " + number);
  }

  public static byte[] integer(long value) {
    return Der.tlv(0x02, BigInteger.valueOf(value).toByteArray());
  }

  public static byte[] octets(byte[] value) {
    return Der.tlv(0x04, value);
  }

  public static byte[] flags(int value) {
    return Der.tlv(0x03, new byte[1], ByteBuffer.allocate(4).putInt(value).array());
  }

  public static byte[] text(String value) {
    return Der.tlv(0x1b, value.getBytes(StandardCharsets.ISO_8859_1));
  }

  public static byte[] time(String value) {
    return Der.tlv(0x18, value.getBytes(StandardCharsets.US_ASCII));
  }

  public static byte[] name(String... components) {
    byte[][] strings = new byte[components.length][];
    for (int i = 0; i < components.length; i++) {
      strings[i] = text(components[i]);
    }
    return new ForgedMessage().set(0, integer(1)).set(1, Der.tlv(0x30, strings)).der();
  }

  public static byte[] key(int etype, byte[] value) {
    return new ForgedMessage().set(0, integer(etype)).set(1, octets(value)).der();
  }

  /** AuthorizationData with one element. */
  public static byte[] authorizationData(int type, byte[] data) {
    return Der.tlv(0x30, new ForgedMessage().set(0, integer(type)).set(1, octets(data)).der());
  }
}
