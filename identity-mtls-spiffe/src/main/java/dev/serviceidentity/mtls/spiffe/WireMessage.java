// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A message of protocol buffers, so far as the Workload API needs them: all that it has to say is
 * text, bytes or another message. Fields of other kinds and numbers are passed over, as the format
 * wants it, since later versions may have them.
 */
final class WireMessage {
  private final Map<Integer, List<byte[]>> fields = new HashMap<>();

  private WireMessage() {}

  /**
   * Reads a message.
   *
   * @throws IOException if it is none
   */
  static WireMessage parse(byte[] bytes) throws IOException {
    var message = new WireMessage();
    var in = CodedInputStream.newInstance(bytes);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        message
            .fields
            .computeIfAbsent(WireFormat.getTagFieldNumber(tag), number -> new ArrayList<>())
            .add(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    in.checkLastTagWas(0);
    return message;
  }

  /** All that a field holds. */
  List<byte[]> all(int field) {
    return fields.getOrDefault(field, List.of());
  }

  /** What a field holds that is there once; the last one counts, and none is empty. */
  byte[] bytes(int field) {
    List<byte[]> all = all(field);
    return all.isEmpty() ? new byte[0] : all.get(all.size() - 1);
  }

  String text(int field) {
    return new String(bytes(field), UTF_8);
  }

  /** Each entry of a map is a message of key and value. */
  Map<String, byte[]> map(int field) throws IOException {
    var map = new HashMap<String, byte[]>();
    for (byte[] entry : all(field)) {
      WireMessage pair = parse(entry);
      map.put(pair.text(1), pair.bytes(2));
    }
    return map;
  }
}
