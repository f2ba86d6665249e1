// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object (RFC 8259), member by member. Text is capped and escaped, since much of it
 * comes from callers; a missing value leaves its member out.
 */
final class JsonObject {
  private final StringBuilder json = new StringBuilder(256).append('{');

  JsonObject text(String name, @Nullable Object value) {
    if (value != null) {
      member(name);
      quote(value.toString());
    }
    return this;
  }

  JsonObject number(String name, long value) {
    member(name);
    json.append(value);
    return this;
  }

  JsonObject flag(String name, boolean value) {
    member(name);
    json.append(value);
    return this;
  }

  JsonObject texts(String name, List<?> values) {
    member(name);
    json.append('[');
    for (int i = 0; i < values.size(); i++) {
      json.append(i == 0 ? "" : ",");
      quote(values.get(i).toString());
    }
    json.append(']');
    return this;
  }

  JsonObject texts(String name, Map<String, String> values) {
    var inner = new JsonObject();
    new TreeMap<>(values).forEach(inner::text);
    return object(name, inner);
  }

  JsonObject object(String name, JsonObject value) {
    member(name);
    value.endIn(json);
    return this;
  }

  JsonObject objects(String name, List<JsonObject> values) {
    member(name);
    json.append('[');
    for (int i = 0; i < values.size(); i++) {
      values.get(i).endIn(json.append(i == 0 ? "" : ","));
    }
    json.append(']');
    return this;
  }

  String end() {
    return json + "}";
  }

  private void endIn(StringBuilder outer) {
    outer.append(json).append('}');
  }

  private void member(String name) {
    json.append(json.length() == 1 ? "" : ",");
    quote(name);
    json.append(':');
  }

  private void quote(String text) {
    json.append('"');
    String capped = EventText.capped(text);
    if (isPlain(capped)) {
      json.append(capped);
    } else {
      capped.codePoints().forEach(this::escape);
    }
    json.append('"');
  }

  /** Whether there is nothing but visible ASCII that JSON takes as it is, as there mostly is. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /**
   * Escapes what JSON demands, and beyond it everything that a terminal or a log viewer might obey.
   * A lone surrogate is no character and would not survive UTF-8 (RFC 8259 section 8.2).
   */
  private void escape(int c) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      default -> {
        if (Character.getType(c) == Character.SURROGATE) {
          json.append('\ufffd');
        } else if (EventText.isObeyed(c)) {
          EventText.escape(json, c);
        } else {
          json.appendCodePoint(c);
        }
      }
    }
  }
}
